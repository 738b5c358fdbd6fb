//===- Elf.cpp - loads the freestanding code of an artifact -----------------===//
#include "Elf.h"
#include "Error.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

using namespace wick::runtime;

namespace {

// A sanitized runtime takes sanitized code, which calls the sanitizer's own runtime in this process. Its
// constructors only start what has long been started.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr uint64_t kPage = 4096;
constexpr uint64_t kMaxImage = uint64_t(1) << 31;
constexpr uint64_t kMaxHeaders = 64, kMaxSymbols = 1 << 20;

/// One object being loaded. Addresses of the image start at zero; `at` translates.
class Loader {
public:
  Loader(Bytes file, std::string_view name) : file(file), name(name) {}

  Mapping load(uint32_t entryCount, bool checkOnly, const wick_module_v1 *&descriptor) {
    readHeaders();
    mapSegments();
    readDynamic();
    relocate();
    uint64_t address = findModule();
    checkModule(address, entryCount);
    descriptor = reinterpret_cast<const wick_module_v1 *>(image.data() + address);
    if (!checkOnly) {
      protect();
      if (const char *wanted = std::getenv("WICK_PERF_MAP"); wanted && *wanted && *wanted != '0')
        writePerfMap();
    }
    return std::move(image);
  }

private:
  [[noreturn]] void damaged(std::string_view what) const { fail(WICK_ERROR_ARTIFACT, "code '", name, "': ", what); }

  template <typename T> T fromFile(uint64_t offset, std::string_view what) const {
    if (offset > file.size() || sizeof(T) > file.size() - offset)
      damaged(concat(what, " lies outside of the file"));
    T value;
    std::memcpy(&value, file.data() + offset, sizeof(T));
    return value;
  }
  template <typename T> T fromImage(uint64_t address, std::string_view what) const {
    if (address > image.size() || sizeof(T) > image.size() - address)
      damaged(concat(what, " lies outside of the image"));
    T value;
    std::memcpy(&value, image.data() + address, sizeof(T));
    return value;
  }
  /// Whether [address, address + bytes) lies in one segment with the flag.
  bool inSegment(uint64_t address, uint64_t bytes, uint32_t flag) const {
    for (const Elf64_Phdr &segment : segments)
      if ((segment.p_flags & flag) && address >= segment.p_vaddr && bytes <= segment.p_memsz &&
          address - segment.p_vaddr <= segment.p_memsz - bytes)
        return true;
    return false;
  }

  void readHeaders();
  void mapSegments();
  void readDynamic();
  void relocate();
  void relocateTable(uint64_t table, uint64_t size);
  void relocateAt(uint64_t address, uint64_t value);
  uint64_t importSymbol(const Elf64_Rela &relocation) const;
  uint64_t countSymbols() const;
  uint64_t findModule() const;
  void checkModule(uint64_t address, uint32_t entryCount) const;
  void protect();
  void writePerfMap() const;

  Bytes file;
  std::string_view name;
  std::vector<Elf64_Phdr> segments; // PT_LOAD
  Elf64_Phdr dynamic{}, relro{};
  Mapping image;
  struct {
    uint64_t symtab = 0, strtab = 0, strsz = 0, hash = 0, gnuHash = 0;
    uint64_t rela = 0, relasz = 0, relr = 0, relrsz = 0, jmprel = 0, pltrelsz = 0;
  } table;
};

void Loader::readHeaders() {
  auto header = fromFile<Elf64_Ehdr>(0, "the ELF header");
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_machine != EM_X86_64 || header.e_type != ET_DYN)
    damaged("not a shared object for x86-64");
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 || header.e_phnum > kMaxHeaders)
    damaged("the program headers are wrong");
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    if (header.e_phoff > file.size())
      damaged("the program headers lie outside of the file");
    auto segment = fromFile<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr), "a program header");
    switch (segment.p_type) {
    case PT_LOAD:
      if (segment.p_memsz)
        segments.push_back(segment);
      break;
    case PT_DYNAMIC: dynamic = segment; break;
    case PT_GNU_RELRO: relro = segment; break;
    case PT_INTERP:
    case PT_TLS: damaged("it needs an interpreter or thread-local storage");
    }
  }
  if (segments.empty())
    damaged("there is nothing to load");
}

void Loader::mapSegments() {
  uint64_t end = 0;
  for (const Elf64_Phdr &segment : segments) {
    if (segment.p_offset > file.size() || segment.p_filesz > file.size() - segment.p_offset ||
        segment.p_filesz > segment.p_memsz)
      damaged("a segment lies outside of the file");
    if (segment.p_vaddr > kMaxImage || segment.p_memsz > kMaxImage)
      damaged("a segment is too large");
    // Whole pages, so that protecting one segment leaves the others alone.
    if (segment.p_vaddr / kPage * kPage < end)
      damaged("segments overlap or share a page");
    if ((segment.p_flags & PF_W) && (segment.p_flags & PF_X))
      damaged("a segment is both writable and executable");
    end = (segment.p_vaddr + segment.p_memsz + kPage - 1) / kPage * kPage;
  }
  if (end > kMaxImage)
    damaged("the image is too large");
  image = Mapping::anonymous(end);
  for (const Elf64_Phdr &segment : segments)
    if (segment.p_filesz)
      std::memcpy(image.data() + segment.p_vaddr, file.data() + segment.p_offset, segment.p_filesz);
}

void Loader::readDynamic() {
  if (!dynamic.p_type)
    damaged("there is no dynamic section");
  uint64_t count = dynamic.p_memsz / sizeof(Elf64_Dyn);
  for (uint64_t i = 0; i < count && i < kMaxHeaders; ++i) {
    auto entry = fromImage<Elf64_Dyn>(dynamic.p_vaddr + i * sizeof(Elf64_Dyn), "the dynamic section");
    uint64_t value = entry.d_un.d_val;
    switch (entry.d_tag) {
    case DT_NULL: return;
    case DT_SYMTAB: table.symtab = value; break;
    case DT_STRTAB: table.strtab = value; break;
    case DT_STRSZ: table.strsz = value; break;
    case DT_HASH: table.hash = value; break;
    case DT_GNU_HASH: table.gnuHash = value; break;
    case DT_RELA: table.rela = value; break;
    case DT_RELASZ: table.relasz = value; break;
    case DT_RELR: table.relr = value; break;
    case DT_RELRSZ: table.relrsz = value; break;
    case DT_RELAENT:
      if (value != sizeof(Elf64_Rela))
        damaged("relocations have an unknown size");
      break;
    case DT_RELRENT:
      if (value != sizeof(Elf64_Relr))
        damaged("relocations have an unknown size");
      break;
    case DT_JMPREL: table.jmprel = value; break;
    case DT_PLTRELSZ: table.pltrelsz = value; break;
    case DT_INIT_ARRAY:
    case DT_FINI_ARRAY:
    case DT_INIT:
    case DT_FINI:
      if (kSanitized)
        break;
      [[fallthrough]];
    case DT_NEEDED:
    case DT_PREINIT_ARRAY:
    case DT_REL:
    case DT_TEXTREL: damaged("it needs libraries, constructors or relocations that artifacts must not have");
    }
  }
}

void Loader::relocateAt(uint64_t address, uint64_t value) {
  if (!inSegment(address, 8, PF_W) || value > image.size())
    damaged("a relocation lies outside of the image");
  uint64_t absolute = reinterpret_cast<uint64_t>(image.data()) + value;
  std::memcpy(image.data() + address, &absolute, 8);
}

/// Address of a function of the sanitizer, the one thing that sanitized code imports.
uint64_t Loader::importSymbol(const Elf64_Rela &relocation) const {
  auto symbol = fromImage<Elf64_Sym>(table.symtab + ELF64_R_SYM(relocation.r_info) * sizeof(Elf64_Sym), "a symbol");
  std::string text;
  for (uint64_t at = table.strtab + symbol.st_name; char c = fromImage<char>(at, "a name"); ++at)
    text += c;
  bool allowed = text.starts_with("__tsan_") || text.starts_with("__asan_") || text.starts_with("__ubsan_");
  void *address = allowed ? dlsym(RTLD_DEFAULT, text.c_str()) : nullptr;
  if (symbol.st_shndx == SHN_UNDEF && !address)
    damaged(concat("it imports '", text, "'; code of an artifact must be self-contained"));
  return symbol.st_shndx == SHN_UNDEF ? reinterpret_cast<uint64_t>(address)
                                      : reinterpret_cast<uint64_t>(image.data()) + symbol.st_value;
}

void Loader::relocateTable(uint64_t start, uint64_t size) {
  if (size % sizeof(Elf64_Rela) || size > image.size())
    damaged("the relocations have a wrong size");
  for (uint64_t at = 0; at < size; at += sizeof(Elf64_Rela)) {
    auto relocation = fromImage<Elf64_Rela>(start + at, "a relocation");
    uint64_t type = ELF64_R_TYPE(relocation.r_info);
    if (type == R_X86_64_NONE)
      continue;
    if (type == R_X86_64_RELATIVE) {
      relocateAt(relocation.r_offset, relocation.r_addend);
    } else if (kSanitized && (type == R_X86_64_GLOB_DAT || type == R_X86_64_JUMP_SLOT || type == R_X86_64_64)) {
      uint64_t address = importSymbol(relocation) + (type == R_X86_64_64 ? relocation.r_addend : 0);
      relocateAt(relocation.r_offset, 0); // checks the place
      std::memcpy(image.data() + relocation.r_offset, &address, 8);
    } else {
      damaged("it imports symbols; code of an artifact must be self-contained");
    }
  }
}

void Loader::relocate() {
  if (table.relrsz % sizeof(Elf64_Relr) || table.relrsz > image.size())
    damaged("the relocations have a wrong size");
  relocateTable(table.rela, table.relasz);
  relocateTable(table.jmprel, table.pltrelsz);
  // RELR: an even word is an address to relocate, an odd one a bitmap of the 63 words that follow.
  uint64_t next = 0;
  auto add = [&](uint64_t address) { relocateAt(address, fromImage<uint64_t>(address, "a relocated word")); };
  for (uint64_t at = 0; at < table.relrsz; at += sizeof(Elf64_Relr)) {
    auto word = fromImage<Elf64_Relr>(table.relr + at, "a relocation");
    if (!(word & 1)) {
      add(word);
      next = word + 8;
      continue;
    }
    for (unsigned bit = 1; bit < 64; ++bit)
      if (word >> bit & 1)
        add(next + (bit - 1) * 8);
    next += 63 * 8;
  }
}

/// The number of symbols stands in the hash tables only.
uint64_t Loader::countSymbols() const {
  if (table.hash)
    return fromImage<uint32_t>(table.hash + 4, "the hash table");
  if (!table.gnuHash)
    damaged("there is no symbol hash table");
  auto buckets = fromImage<uint32_t>(table.gnuHash, "the hash table");
  auto first = fromImage<uint32_t>(table.gnuHash + 4, "the hash table");
  auto words = fromImage<uint32_t>(table.gnuHash + 8, "the hash table");
  uint64_t bucketTable = table.gnuHash + 16 + uint64_t(words) * 8;
  uint64_t last = 0;
  for (uint64_t i = 0; i < buckets; ++i)
    last = std::max<uint64_t>(last, fromImage<uint32_t>(bucketTable + i * 4, "the hash table"));
  if (last < first)
    return first;
  // The chain of the last symbol ends with an odd hash.
  uint64_t chain = bucketTable + uint64_t(buckets) * 4;
  while (last < kMaxSymbols && !(fromImage<uint32_t>(chain + (last - first) * 4, "the hash table") & 1))
    ++last;
  return last + 1;
}

uint64_t Loader::findModule() const {
  static constexpr char kName[] = "wick_module";
  uint64_t count = countSymbols(), found = 0;
  if (count > kMaxSymbols)
    damaged("there are too many symbols");
  if (table.strsz > image.size() || table.strtab > image.size() - table.strsz)
    damaged("the string table lies outside of the image");
  for (uint64_t i = 1; i < count; ++i) {
    auto symbol = fromImage<Elf64_Sym>(table.symtab + i * sizeof(Elf64_Sym), "a symbol");
    if (symbol.st_shndx == SHN_UNDEF && !kSanitized)
      damaged("it imports symbols; code of an artifact must be self-contained");
    if (symbol.st_name < table.strsz && sizeof(kName) <= table.strsz - symbol.st_name &&
        !std::memcmp(image.data() + table.strtab + symbol.st_name, kName, sizeof(kName)))
      found = symbol.st_value;
  }
  if (!found)
    damaged("it does not export 'wick_module'");
  return found;
}

void Loader::checkModule(uint64_t address, uint32_t entryCount) const {
  if (address % alignof(wick_module_v1))
    damaged("'wick_module' is not aligned");
  auto module = fromImage<wick_module_v1>(address, "'wick_module'");
  if (module.abi_version != WICK_ABI_VERSION)
    fail(WICK_ERROR_ARTIFACT, "code '", name, "' has ABI version ", module.abi_version, ", this runtime has ",
         WICK_ABI_VERSION, "; compile the model again");
  if (module.entry_count != entryCount)
    damaged(concat("it has ", module.entry_count, " entry points, the manifest has ", entryCount, " methods"));
  uint64_t base = reinterpret_cast<uint64_t>(image.data());
  uint64_t entries = reinterpret_cast<uint64_t>(module.entries) - base;
  if (entryCount && entries % alignof(wick_entry_fn))
    damaged("the entry table is not aligned");
  for (uint64_t i = 0; i < entryCount; ++i)
    if (!inSegment(fromImage<uint64_t>(entries + i * 8, "the entry table") - base, 1, PF_X))
      damaged("an entry point is not code");
  uint64_t literals = reinterpret_cast<uint64_t>(module.literals) - base;
  if (module.literal_count < 0 || (module.literal_count && literals % alignof(wick_literal)))
    damaged("the table of constants is not aligned");
  for (int64_t i = 0; i < module.literal_count; ++i) {
    auto literal = fromImage<wick_literal>(literals + i * sizeof(wick_literal), "the table of constants");
    uint64_t start = reinterpret_cast<uint64_t>(literal.data) - base;
    if (literal.bytes < 0 || (literal.bytes && !inSegment(start, literal.bytes, PF_R)))
      damaged("a constant lies outside of the image");
  }
}

void Loader::protect() {
  for (const Elf64_Phdr &segment : segments) {
    uint64_t start = segment.p_vaddr / kPage * kPage;
    uint64_t end = (segment.p_vaddr + segment.p_memsz + kPage - 1) / kPage * kPage;
    int protection = PROT_READ;
    if (segment.p_flags & PF_W)
      protection |= PROT_WRITE;
    if (segment.p_flags & PF_X)
      protection |= PROT_EXEC;
    image.protect(start, end - start, protection);
  }
  // Only whole pages: the rest of the last one may be writable data.
  uint64_t start = relro.p_vaddr / kPage * kPage;
  if (relro.p_type && relro.p_memsz <= image.size() && relro.p_vaddr <= image.size() - relro.p_memsz) {
    uint64_t end = (relro.p_vaddr + relro.p_memsz) / kPage * kPage;
    if (end > start && inSegment(relro.p_vaddr, relro.p_memsz, PF_W))
      image.protect(start, end - start, PROT_READ);
  }
}

/// Names the image's functions, which are in no file, for `perf report`. A diagnostic: what cannot be read or written
/// is left out.
void Loader::writePerfMap() const {
  auto header = fromFile<Elf64_Ehdr>(0, "the ELF header");
  std::FILE *map = std::fopen(concat("/tmp/perf-", getpid(), ".map").c_str(), "a");
  if (!map)
    return;
  auto section = [&](uint64_t index) {
    Elf64_Shdr found{};
    uint64_t offset = header.e_shoff + index * sizeof(Elf64_Shdr);
    if (index < header.e_shnum && offset <= file.size() && sizeof(found) <= file.size() - offset)
      std::memcpy(&found, file.data() + offset, sizeof(found));
    return found.sh_offset <= file.size() && found.sh_size <= file.size() - found.sh_offset ? found : Elf64_Shdr{};
  };
  for (uint64_t index = 0; index < header.e_shnum; ++index) {
    Elf64_Shdr symbols = section(index), names = section(symbols.sh_link);
    if (symbols.sh_type != SHT_SYMTAB)
      continue;
    for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= symbols.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol;
      std::memcpy(&symbol, file.data() + symbols.sh_offset + at, sizeof(symbol));
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_name >= names.sh_size)
        continue;
      const char *text = reinterpret_cast<const char *>(file.data()) + names.sh_offset + symbol.st_name;
      std::fprintf(map, "%llx %llx %.*s\n",
                   static_cast<unsigned long long>(reinterpret_cast<uint64_t>(image.data()) + symbol.st_value),
                   static_cast<unsigned long long>(symbol.st_size),
                   static_cast<int>(strnlen(text, names.sh_size - symbol.st_name)), text);
    }
  }
  std::fclose(map);
}

} // namespace

Code::Code(Bytes file, std::string_view name, uint32_t entries, bool checkOnly) {
  image = Loader(file, name).load(entries, checkOnly, descriptor);
}
