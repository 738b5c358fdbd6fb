//===- Mapping.cpp - mapped files and memory --------------------------------===//
#include "Mapping.h"
#include "Error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace wick::runtime;

Mapping::~Mapping() {
  if (base)
    munmap(base, length);
}

Mapping Mapping::ofFile(const std::string &path) {
  // Non-blocking, so that a FIFO by that name does not hang the caller.
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    fail(WICK_ERROR_ARTIFACT, "cannot open '", path, "': ", strerror(errno));
  struct stat info;
  int status = fstat(file, &info);
  void *base = MAP_FAILED;
  if (status == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
    base = mmap(nullptr, info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  int reason = errno;
  close(file);
  if (status == 0 && !S_ISREG(info.st_mode))
    fail(WICK_ERROR_ARTIFACT, "'", path, "' is not a file");
  if (status == 0 && info.st_size == 0)
    fail(WICK_ERROR_ARTIFACT, "'", path, "' is empty");
  if (base == MAP_FAILED)
    fail(WICK_ERROR_ARTIFACT, "cannot map '", path, "': ", strerror(reason));
  Mapping mapping;
  mapping.base = static_cast<uint8_t *>(base);
  mapping.length = info.st_size;
  return mapping;
}

Mapping Mapping::anonymous(size_t bytes) {
  void *base = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED)
    fail(WICK_ERROR_MEMORY, "cannot allocate ", bytes, " bytes");
  Mapping mapping;
  mapping.base = static_cast<uint8_t *>(base);
  mapping.length = bytes;
  return mapping;
}

void Mapping::protect(size_t offset, size_t bytes, int protection) {
  if (mprotect(base + offset, bytes, protection))
    fail(WICK_ERROR_ARTIFACT, "cannot protect the pages of the code: ", strerror(errno));
}
