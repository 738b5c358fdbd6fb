//===- ImportCommand.cpp - wick import ---------------------------------------===//
#include "Commands.h"
#include "Diagnostics.h"

#include "wick/Artifact/AtomicFile.h"
#include "wick/Dialect/TS/IR/TSDialect.h"
#include "wick/Import/Import.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace wick;
using namespace wick::driver;

namespace {

OwningOpRef<ModuleOp> readModule(const ImportCommand &command, const std::string &input, MLIRContext &context,
                                 const ImportOptions &options) {
  if (command.fromFunctions)
    return importFunctions(input, context, options);
  if (!command.fromDescription)
    return importArchive(input, context, options);
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(input);
  if (buffer)
    return importDescription((*buffer)->getBuffer(), input, context);
  emitError(FileLineColLoc::get(&context, input, 0, 0)) << "cannot be opened: " << buffer.getError().message();
  return {};
}

std::string printText(ModuleOp module, bool withoutLocations) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OpPrintingFlags flags;
  flags.printNameLocAsPrefix().enableDebugInfo(!withoutLocations, /*prettyForm=*/false);
  if (withoutLocations)
    for (auto lines : llvm::make_early_inc_range(module.getOps<ts::SourceLinesOp>()))
      lines.erase();
  module->print(stream, flags);
  stream << "\n";
  return text;
}

/// Text and bytecode must read back as the module they were written from.
LogicalResult verifyRoundTrip(ModuleOp module) {
  std::string text = printText(module, false), bytecode;
  llvm::raw_string_ostream stream(bytecode);
  if (failed(writeBytecodeToFile(module, stream)))
    return module.emitError() << "cannot be written as bytecode";
  for (auto [what, written] : {std::pair("text", &text), std::pair("bytecode", &bytecode)}) {
    ParserConfig config(module->getContext());
    OwningOpRef<ModuleOp> read = parseSourceString<ModuleOp>(*written, config);
    if (!read)
      return module.emitError() << what << " cannot be read back";
    if (printText(*read, false) != text)
      return module.emitError() << what << " reads back as another module";
  }
  return success();
}

/// Adds the attributes of an object, and of those that it holds, as "block.scale".
void listAttributes(ModuleOp module, Type type, const std::string &prefix, llvm::json::Array &paths) {
  auto object = dyn_cast<ts::ObjectType>(type);
  auto cls = object ? module.lookupSymbol<ts::ClassOp>(object.getClassSymbol()) : ts::ClassOp();
  if (!cls)
    return;
  for (auto attr : cls.getBody().getOps<ts::AttrOp>()) {
    std::string path = prefix + llvm::json::fixUTF8(attr.getName());
    listAttributes(module, attr.getType(), path + ".", paths);
    paths.push_back(std::move(path));
  }
}

/// What the methods that callers may call declare, the attributes of classes, by name, and those of the model.
std::string listDeclarations(ModuleOp module) {
  llvm::json::Object methods, classes;
  module.walk([&](ts::MethodOp method) {
    if (std::optional<StringRef> declaration = method.getDeclaration())
      methods[method.getName()] = llvm::json::fixUTF8(*declaration);
  });
  for (auto cls : module.getOps<ts::ClassOp>()) {
    if (cls.getKind() != "class")
      continue;
    llvm::json::Array attributes;
    for (auto attr : cls.getBody().getOps<ts::AttrOp>())
      attributes.push_back(llvm::json::fixUTF8(attr.getName()));
    classes[llvm::json::fixUTF8(cls.getSymName())] = std::move(attributes);
  }
  llvm::json::Array attributes;
  for (auto image : module.getOps<ts::ImageOp>())
    listAttributes(module, image.getBody().front().getTerminator()->getOperand(0).getType(), "", attributes);
  llvm::json::Object all{
      {"methods", std::move(methods)}, {"classes", std::move(classes)}, {"attributes", std::move(attributes)}};
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(all)));
}

LogicalResult writeModule(const ImportCommand &command, ModuleOp module, StringRef path) {
  bool written = true;
  llvm::Error error = writeAtomically(path, [&](llvm::raw_ostream &os) {
    if (command.declarations)
      os << listDeclarations(module);
    else if (command.emitBytecode)
      written = succeeded(writeBytecodeToFile(module, os));
    else
      os << printText(module, command.withoutLocations);
  });
  if (error)
    return emitError(UnknownLoc::get(module.getContext())) << llvm::toString(std::move(error));
  return success(written);
}

} // namespace

int driver::runImport(const ImportCommand &command) {
  bool several = command.inputs.size() > 1 || llvm::sys::fs::is_directory(command.output);
  if (several && command.output != "-")
    if (std::error_code error = llvm::sys::fs::create_directories(command.output)) {
      llvm::errs() << "error: cannot create '" << command.output << "': " << error.message() << "\n";
      return 1;
    }
  unsigned failures = 0;
  for (const std::string &input : command.inputs) {
    // A context each: archives must not see each other's types and attributes.
    MLIRContext context(MLIRContext::Threading::DISABLED);
    context.printOpOnDiagnostic(false);
    Diagnostics diagnostics(&context);
    SmallString<128> output(command.output);
    if (several && command.output != "-")
      llvm::sys::path::append(output, llvm::sys::path::stem(input) + (command.emitBytecode ? ".mlirbc" : ".mlir"));
    ImportOptions options;
    if (command.output != "-" && !command.fromDescription)
      options.sidecar = (output + ".weights").str();
    OwningOpRef<ModuleOp> module = readModule(command, input, context, options);
    if (!module || (command.verifyRoundTrip && failed(verifyRoundTrip(*module))) ||
        failed(writeModule(command, *module, output)))
      ++failures;
  }
  if (command.inputs.size() > 1)
    llvm::errs() << command.inputs.size() - failures << " imported, " << failures << " failed\n";
  return failures != 0;
}
