//===- Pickle.h - checks the pickles of an archive ---------------*- C++ -*-===//
//
// Follows a pickle of protocol 2 with the opcodes that LibTorch accepts as a machine
// of items on a stack, without making objects. Every tensor found is checked against
// its storage, and every storage against its record.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_LIB_ARCHIVE_PICKLE_H
#define WICK_LIB_ARCHIVE_PICKLE_H

#include "Zip.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <deque>
#include <optional>

namespace wick::archive {

class PickleChecker {
public:
  /// `findStorage` gives the size of the record of a storage, by its key; nothing when there is none.
  using FindStorage = llvm::function_ref<std::optional<uint64_t>(llvm::StringRef key)>;

  PickleChecker(llvm::StringRef name, llvm::StringRef bytes, const Limits &limits, FindStorage findStorage,
                Summary &summary)
      : name(name), bytes(bytes), limits(limits), findStorage(findStorage), summary(summary) {}

  llvm::Error run();

private:
  enum class Kind : uint8_t { Other, Int, String, Global, Tuple, Container, Object, Storage, Mark };
  struct Item {
    Kind kind = Kind::Other;
    /// An integer, or the elements of a storage.
    int64_t number = 0;
    llvm::StringRef text;
    std::vector<uint32_t> children;
  };

  llvm::Error step(bool &done);
  llvm::Error fail(const llvm::Twine &message) const { return makeError(name, opcodeAt, message); }
  /// The next `n` bytes; false when there are fewer.
  bool take(uint64_t n, llvm::StringRef &out);
  bool takeLine(llvm::StringRef &out);
  template <typename T> bool takeNumber(T &out);
  llvm::Error push(Item item);
  llvm::Error pop(uint32_t &item);
  llvm::Error popMark(std::vector<uint32_t> &out);
  llvm::Error popInto(unsigned n);
  llvm::Error pushTuple(unsigned n);
  llvm::Error memoize(uint64_t index);
  llvm::Error recall(uint64_t index);
  llvm::Error callFunction();
  llvm::Error readStorage();
  llvm::Error checkTensor(llvm::ArrayRef<uint32_t> arguments);
  llvm::Error getInts(uint32_t item, llvm::SmallVectorImpl<int64_t> &out);
  llvm::Error checkNesting(uint32_t root);

  llvm::StringRef name, bytes;
  const Limits &limits;
  FindStorage findStorage;
  Summary &summary;
  uint64_t at = 0, opcodeAt = 0;
  std::vector<Item> items;
  std::vector<uint32_t> stack;
  std::vector<uint32_t> memo;
  /// Names of globals as "module symbol"; the items refer to them.
  std::deque<std::string> globals;
  llvm::DenseMap<std::pair<llvm::StringRef, llvm::StringRef>, uint64_t> storages;
};

} // namespace wick::archive

#endif // WICK_LIB_ARCHIVE_PICKLE_H
