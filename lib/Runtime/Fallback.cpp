//===- Fallback.cpp - finds and loads libwick_aten.so ------------------------===//
#include "Fallback.h"
#include "Error.h"

#include <cstdlib>
#include <dlfcn.h>
#include <mutex>

using namespace wick::runtime;

static constexpr const char kLibrary[] = "libwick_aten.so", kVariable[] = "WICK_ATEN_LIBRARY";

/// The directory of the library or program that holds the runtime.
static std::string ownDirectory() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<void *>(&loadFallback), &info) || !info.dli_fname)
    return {};
  std::string path = info.dli_fname;
  size_t slash = path.rfind('/');
  return slash == path.npos ? std::string() : path.substr(0, slash + 1);
}

/// Tries the places where the library may be; `reason` says why the last did not do.
static void *open(std::string &reason) {
  auto attempt = [&](const std::string &path) {
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (const char *message = library ? nullptr : dlerror())
      reason = message;
    return library;
  };
  if (const char *chosen = std::getenv(kVariable); chosen && *chosen)
    return attempt(chosen);
  if (void *library = attempt(ownDirectory() + kLibrary))
    return library;
  std::string beside = reason;
  if (void *library = attempt(kLibrary))
    return library;
  // That a library is there but cannot be used says more than that there is none elsewhere.
  reason = beside;
  return nullptr;
}

wick_fallback_call_fn wick::runtime::loadFallback(const std::vector<std::string> &operators) {
  static std::mutex mutex;
  static wick_fallback_call_fn loaded = nullptr;
  std::lock_guard<std::mutex> lock(mutex);
  if (loaded)
    return loaded;
  std::string names;
  for (const std::string &name : operators)
    names += (names.empty() ? "" : ", ") + name;
  auto refuse = [&](std::string_view why) {
    fail(WICK_ERROR_UNSUPPORTED, "the model uses ", names, ", which only LibTorch can run, through ", kLibrary, ": ",
         why, "; set ", kVariable, " to its path, or compile with --no-fallback to see where these operators stand");
  };
  std::string reason;
  void *library = open(reason);
  if (!library)
    refuse(reason);
  auto version = reinterpret_cast<wick_fallback_version_fn>(dlsym(library, "wick_fallback_version"));
  auto problem = reinterpret_cast<wick_fallback_problem_fn>(dlsym(library, "wick_fallback_problem"));
  auto call = reinterpret_cast<wick_fallback_call_fn>(dlsym(library, "wick_fallback_call"));
  if (!version || !problem || !call || version() != WICK_FALLBACK_VERSION) {
    dlclose(library);
    refuse("it is of another version");
  }
  if (const char *text = problem())
    refuse(text);
  return loaded = call;
}
