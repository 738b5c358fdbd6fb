//===- CodeGen.cpp - parts, optimisation, machine code
//-------------------------===//
#include "wick/Target/Native/CodeGen.h"
#include "CodeGenInternal.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Threading.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"

#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Instrumentation/AddressSanitizer.h"
#include "llvm/Transforms/Instrumentation/ThreadSanitizer.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace wick;
using namespace wick::native;

void native::registerTranslations(DialectRegistry &registry) {
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

/// Functions that stand and fall together: a kernel, and the work functions it
/// distributes.
static SmallVector<SmallVector<Operation *>> cluster(ModuleOp module) {
  SymbolTable symbols(module);
  llvm::EquivalenceClasses<Operation *> classes;
  SmallVector<Operation *> order;
  Operation *host = nullptr;
  for (Operation &op : module.getOps()) {
    if (!isa<LLVM::LLVMFuncOp, LLVM::GlobalOp>(op))
      continue;
    order.push_back(&op);
    classes.insert(&op);
    bool isKernel = op.hasAttr(plan::kKernelAttr) || op.hasAttr(plan::kWorkAttr);
    if (!isKernel) {
      // Private globals stand with whatever refers to them; host code is one
      // part.
      if (isa<LLVM::LLVMFuncOp>(op) || cast<LLVM::GlobalOp>(op).getLinkage() != LLVM::Linkage::Private)
        host = host ? (classes.unionSets(host, &op), host) : &op;
    }
    std::optional<SymbolTable::UseRange> uses = SymbolTable::getSymbolUses(&op);
    for (SymbolTable::SymbolUse use : *uses) {
      Operation *used = symbols.lookup(use.getSymbolRef().getRootReference());
      bool separate = !isKernel && isa_and_nonnull<LLVM::LLVMFuncOp>(used);
      if (used && !separate)
        classes.unionSets(&op, used);
    }
  }
  llvm::MapVector<Operation *, SmallVector<Operation *>> members;
  for (Operation *op : order)
    members[classes.getLeaderValue(op)].push_back(op);
  return llvm::map_to_vector(members, [](auto &entry) { return entry.second; });
}

static int64_t countOps(Operation *op) {
  int64_t count = 0;
  op->walk([&](Operation *) { ++count; });
  return count;
}

/// Copies clusters into modules of about equal numbers of ops; a module
/// declares what it calls.
static SmallVector<OwningOpRef<ModuleOp>> split(ModuleOp module, unsigned numParts) {
  SmallVector<SmallVector<Operation *>> clusters = cluster(module);
  auto weigh = [](ArrayRef<Operation *> ops) {
    int64_t sum = 0;
    for (Operation *op : ops)
      sum += countOps(op);
    return sum;
  };
  SmallVector<std::pair<int64_t, size_t>> order;
  for (auto [index, ops] : llvm::enumerate(clusters))
    order.push_back({weigh(ops), index});
  llvm::stable_sort(order, [](auto a, auto b) { return a.first > b.first; });
  SmallVector<std::pair<int64_t, SmallVector<Operation *>>> bins(
      std::max<size_t>(1, std::min<size_t>(numParts, order.size())));
  for (auto [weight, index] : order) {
    auto lightest = llvm::min_element(bins, [](auto &a, auto &b) { return a.first < b.first; });
    lightest->first += weight;
    llvm::append_range(lightest->second, clusters[index]);
  }
  SymbolTable symbols(module);
  SmallVector<OwningOpRef<ModuleOp>> parts;
  for (auto &[weight, ops] : bins) {
    OwningOpRef<ModuleOp> part = ModuleOp::create(module.getLoc());
    OpBuilder b = OpBuilder::atBlockEnd(part->getBody());
    llvm::SmallPtrSet<Operation *, 16> present(ops.begin(), ops.end());
    for (Operation *op : ops) {
      b.clone(*op);
      std::optional<SymbolTable::UseRange> uses = SymbolTable::getSymbolUses(op);
      for (SymbolTable::SymbolUse use : *uses) {
        auto used = symbols.lookup<LLVM::LLVMFuncOp>(use.getSymbolRef().getRootReference());
        if (!used || !present.insert(used).second)
          continue;
        auto declared = cast<LLVM::LLVMFuncOp>(b.cloneWithoutRegions(*used));
        declared.setLinkage(LLVM::Linkage::External);
      }
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

//===----------------------------------------------------------------------===//
// Machine code
//===----------------------------------------------------------------------===//

static std::unique_ptr<llvm::TargetMachine> createTargetMachine(const cpu::TargetInfo &target, unsigned level,
                                                                std::string &error) {
  static const bool initialized = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    return true;
  }();
  (void)initialized;
  llvm::Triple triple("x86_64-unknown-linux-gnu");
  const llvm::Target *llvmTarget = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!llvmTarget)
    return nullptr;
  llvm::TargetOptions options;
  options.FunctionSections = true;
  std::string features = target.features;
  // Full width: LLVM otherwise avoids 512-bit registers on some cores.
  if (target.vectorBits == 512)
    features += ",-prefer-256-bit";
  auto optimization = level == 0   ? llvm::CodeGenOptLevel::None
                      : level == 1 ? llvm::CodeGenOptLevel::Less
                      : level == 2 ? llvm::CodeGenOptLevel::Default
                                   : llvm::CodeGenOptLevel::Aggressive;
  return std::unique_ptr<llvm::TargetMachine>(llvmTarget->createTargetMachine(
      triple, target.isa, features, options, llvm::Reloc::PIC_, llvm::CodeModel::Small, optimization));
}

std::optional<Sanitizer> native::symbolizeSanitizer(StringRef name) {
  return llvm::StringSwitch<std::optional<Sanitizer>>(name)
      .Case("", Sanitizer::None)
      .Case("address", Sanitizer::Address)
      .Case("thread", Sanitizer::Thread)
      .Default(std::nullopt);
}

StringRef native::getRequiredFeature(Sanitizer sanitizer) {
  switch (sanitizer) {
  case Sanitizer::None: return "";
  case Sanitizer::Address: return "address-sanitizer";
  case Sanitizer::Thread: return "thread-sanitizer";
  }
  llvm_unreachable("unknown sanitizer");
}

/// Marks what is to be instrumented. Globals stay as they are: to guard them takes a constructor.
static void markForSanitizer(llvm::Module &module, Sanitizer sanitizer) {
  if (sanitizer == Sanitizer::None)
    return;
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.addFnAttr(sanitizer == Sanitizer::Address ? llvm::Attribute::SanitizeAddress
                                                         : llvm::Attribute::SanitizeThread);
  for (llvm::GlobalVariable &global : module.globals()) {
    llvm::GlobalValue::SanitizerMetadata metadata;
    metadata.NoAddress = true;
    global.setSanitizerMetadata(metadata);
  }
}

static void addSanitizer(llvm::ModulePassManager &passes, Sanitizer sanitizer) {
  if (sanitizer == Sanitizer::Address) {
    llvm::AddressSanitizerOptions options;
    options.UseAfterReturn = llvm::AsanDetectStackUseAfterReturnMode::Never;
    options.InsertVersionCheck = false;
    passes.addPass(llvm::AddressSanitizerPass(options, /*UseGlobalGC=*/false, /*UseOdrIndicator=*/false,
                                              llvm::AsanDtorKind::None, llvm::AsanCtorKind::None));
  } else if (sanitizer == Sanitizer::Thread) {
    passes.addPass(llvm::createModuleToFunctionPassAdaptor(llvm::ThreadSanitizerPass()));
  }
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine, unsigned level, Sanitizer sanitizer) {
  llvm::PipelineTuningOptions tuning;
  // Register tiles are unrolled already; LLVM would unroll them again and
  // spill.
  tuning.LoopUnrolling = false;
  tuning.LoopInterleaving = level > 1;
  tuning.LoopVectorization = level > 1;
  tuning.SLPVectorization = level > 1;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::OptimizationLevel levels[] = {llvm::OptimizationLevel::O0, llvm::OptimizationLevel::O1,
                                      llvm::OptimizationLevel::O2, llvm::OptimizationLevel::O3};
  llvm::ModulePassManager passes = level == 0 ? builder.buildO0DefaultPipeline(levels[0])
                                              : builder.buildPerModuleDefaultPipeline(levels[std::min(level, 3u)]);
  // After the optimiser: what it removed cannot go wrong, and checks would be in its way.
  addSanitizer(passes, sanitizer);
  passes.run(module, modules);
}

static void dump(const CodeGenOptions &options, const cpu::TargetInfo &target, const llvm::Twine &name,
                 llvm::function_ref<void(llvm::raw_ostream &)> print) {
  if (options.dumpDirectory.empty())
    return;
  std::error_code code;
  llvm::raw_fd_ostream file((options.dumpDirectory + "/" + target.isa + "." + name).str(), code);
  if (!code)
    print(file);
  file.clear_error();
}

static std::string emitObject(llvm::Module &module, llvm::TargetMachine &machine, llvm::CodeGenFileType kind) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  machine.addPassesToEmitFile(passes, stream, nullptr, kind);
  passes.run(module);
  return std::string(bytes.begin(), bytes.end());
}

/// Optimises and compiles one part.
static std::string compilePart(llvm::Module &module, llvm::TargetMachine &machine, unsigned number,
                               const cpu::TargetInfo &target, const CodeGenOptions &options, Sanitizer sanitizer) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-features", machine.getTargetFeatureString());
    function.addFnAttr("prefer-vector-width", std::to_string(target.vectorBits));
    function.addFnAttr(llvm::Attribute::NoUnwind);
  }
  dump(options, target, llvm::Twine(number) + ".ll", [&](llvm::raw_ostream &os) { module.print(os, nullptr); });
  markForSanitizer(module, sanitizer);
  optimize(module, machine, options.optimizationLevel, sanitizer);
  dump(options, target, llvm::Twine(number) + ".opt.ll", [&](llvm::raw_ostream &os) { module.print(os, nullptr); });
  if (!options.dumpDirectory.empty()) {
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(module);
    dump(options, target, llvm::Twine(number) + ".s",
         [&](llvm::raw_ostream &os) { os << emitObject(*copy, machine, llvm::CodeGenFileType::AssemblyFile); });
  }
  return emitObject(module, machine, llvm::CodeGenFileType::ObjectFile);
}

FailureOr<std::string> native::compile(ModuleOp module, const cpu::TargetInfo &target, const CodeGenOptions &options) {
  MLIRContext *context = module.getContext();
  unsigned threads = context->isMultithreadingEnabled() ? context->getNumThreads() : 1;
  SmallVector<OwningOpRef<ModuleOp>> parts = split(module, threads == 1 ? 1 : 4 * threads);
  std::vector<std::string> objects(parts.size() + 1), errors(parts.size() + 1);
  auto build = [&](size_t index) {
    llvm::LLVMContext llvmContext;
    std::string &error = errors[index];
    std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(target, options.optimizationLevel, error);
    if (!machine)
      return failure();
    std::unique_ptr<llvm::Module> translated;
    if (index < parts.size()) {
      translated = translateModuleToLLVMIR(*parts[index], llvmContext, "wick");
      if (!translated) {
        error = "translation to LLVM IR failed";
        return failure();
      }
    } else {
      llvm::SMDiagnostic diagnostic;
      translated = llvm::parseAssemblyString(getBuiltins(), diagnostic, llvmContext);
      if (!translated) {
        error = diagnostic.getMessage().str();
        return failure();
      }
    }
    // The built-in functions are called with what the instrumented code has checked.
    Sanitizer sanitizer = index < parts.size() ? options.sanitizer : Sanitizer::None;
    objects[index] = compilePart(*translated, *machine, index, target, options, sanitizer);
    return success();
  };
  LogicalResult compiled = failableParallelForEachN(context, 0, objects.size(), build);
  if (failed(compiled)) {
    for (const std::string &error : errors)
      if (!error.empty())
        return emitError(module.getLoc()) << "code generation failed: " << error;
    return failure();
  }
  std::string error;
  FailureOr<std::string> linked = link(objects, /*allowImports=*/options.sanitizer != Sanitizer::None, error);
  if (failed(linked))
    return emitError(module.getLoc()) << "linking failed: " << error;
  return linked;
}
