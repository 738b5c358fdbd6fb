//===- Compile.cpp - from an archive to an artifact ----------------------------===//
#include "wick/Driver/Compile.h"
#include "Weights.h"
#include "wick/Dialect/Plan/IR/PlanDialect.h"
#include "wick/Dialect/TS/IR/RuntimeFunctions.h"
#include "wick/InitAllDialects.h"
#include "wick/Runtime/wick.h"
#include "wick/Target/CPU/TargetInfo.h"
#include "wick/Target/Native/CodeGen.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"

#include <set>

using namespace mlir;
using namespace wick;

void wick::registerCompiler(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  wick::registerAllDialects(registry);
  native::registerTranslations(registry);
}

static void report(const CompileOptions &options, const Twine &step) {
  if (options.progress)
    options.progress(step.str());
}

static void dumpModule(ModuleOp module, const CompileOptions &options, const Twine &name) {
  if (options.dumpDirectory.empty())
    return;
  std::error_code code;
  llvm::raw_fd_ostream file((options.dumpDirectory + "/" + name + ".mlir").str(), code);
  if (!code)
    module.print(file, OpPrintingFlags().elideLargeElementsAttrs());
  file.clear_error();
}

LogicalResult wick::runPhases(ModuleOp module, Phase from, Phase to, const CompileOptions &options) {
  for (Phase phase : getPhases()) {
    if (phase <= from || phase > to)
      continue;
    report(options, stringifyPhase(phase));
    PassManager passes(module.getContext());
    buildPipeline(passes, from, phase, options.pipeline);
    if (options.configure)
      options.configure(passes);
    LogicalResult result = passes.run(module);
    dumpModule(module, options, stringifyPhase(phase));
    if (failed(result))
      return failure();
    from = phase;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Erases private functions that nothing refers to.
static LogicalResult dropUnused(ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addPass(createSymbolDCEPass());
  return passes.run(module);
}

static std::string describe(wick_error *error) {
  std::string text = wick_error_text(error);
  wick_error_release(error);
  return text;
}

/// Loads an artifact whose one method takes nothing and returns tensors, and takes their bytes.
static LogicalResult runConstants(Location loc, StringRef bytes, std::vector<std::string> &results) {
  wick_module *loaded = nullptr;
  wick_session *session = nullptr;
  wick_error *error = nullptr;
  llvm::scope_exit release([&] {
    if (session)
      wick_session_release(session);
    if (loaded)
      wick_module_release(loaded);
  });
  wick_value result{};
  if (wick_module_load_memory(bytes.data(), bytes.size(), nullptr, &loaded, &error) ||
      wick_session_new(loaded, nullptr, &session, &error) ||
      wick_call(session, wick_module_method(loaded, 0), nullptr, 0, &result, &error))
    return emitError(loc) << "constants cannot be computed: " << describe(error);
  auto take = [&](const wick_value &value) {
    auto *tensor = static_cast<wick_tensor *>(value.u.p);
    size_t size = wick_tensor_count(tensor) * wick_dtype_size(tensor->dtype);
    results.emplace_back(static_cast<const char *>(tensor->data), size);
  };
  if (result.tag == WICK_TUPLE_VALUE) {
    auto *sequence = static_cast<wick_sequence *>(result.u.p);
    for (const wick_value &value : ArrayRef(wick_sequence_items(sequence), wick_sequence_count(sequence)))
      take(value);
  } else {
    take(result);
  }
  wick_value_release(&result);
  return success();
}

static LogicalResult generate(ModuleOp module, const CompileOptions &options, StringRef target, WeightStore &weights,
                              artifact::Writer &writer, bool isLast);

/// Compiles and runs `@__constants` on this machine and removes it from the module.
static LogicalResult computeConstants(ModuleOp module, const CompileOptions &options, WeightStore &weights) {
  func::FuncOp constants;
  for (auto func : module.getOps<func::FuncOp>())
    if (func->hasAttr(plan::kConstantsAttr))
      constants = func;
  if (!constants)
    return success();
  report(options, "constants");
  OwningOpRef<ModuleOp> program(module.clone());
  for (auto func : llvm::make_early_inc_range(program->getOps<func::FuncOp>())) {
    if (func->hasAttr(plan::kConstantsAttr))
      func.setPublic();
    else if (func.isPublic())
      func.erase();
  }
  constants.erase();
  if (failed(dropUnused(*program)) || failed(dropUnused(module)))
    return failure();
  CompileOptions inner = options;
  inner.progress = nullptr;
  inner.dumpDirectory.clear();
  inner.optimizationLevel = 1;
  inner.sanitizer = native::Sanitizer::None; // this process runs it
  artifact::Writer writer("constants");
  if (failed(generate(*program, inner, "native", weights, writer, /*isLast=*/true)))
    return failure();
  std::string bytes = writer.writeToMemory();
  return runConstants(module.getLoc(), bytes, weights.computed);
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

/// Names of the operators that LibTorch runs, in order.
static std::vector<std::string> findFallback(ModuleOp module) {
  std::set<std::string> names;
  module.walk([&](ts::FallbackOp op) { names.insert(cast<StringAttr>(op.getOperators()[0]).str()); });
  return {names.begin(), names.end()};
}

/// Takes a planned module to code; with the last target, weights, methods and sources are added too.
static LogicalResult generate(ModuleOp module, const CompileOptions &options, StringRef target, WeightStore &weights,
                              artifact::Writer &writer, bool isLast) {
  FailureOr<cpu::TargetInfo> info = cpu::TargetInfo::get(target);
  if (failed(info))
    return emitError(module.getLoc()) << "unknown target '" << target
                                      << "', expected x86-64-v2, x86-64-v3, x86-64-v4 or native";
  CompileOptions own = options;
  own.pipeline.target = target.str();
  report(options, "kernels for " + info->isa);
  PassManager passes(module.getContext());
  buildFormingPipeline(passes, own.pipeline);
  if (options.configure)
    options.configure(passes);
  LogicalResult formed = passes.run(module);
  dumpModule(module, options, info->isa + ".kernels");
  if (failed(formed))
    return failure();
  if (isLast)
    writer.setFallback(findFallback(module));
  if (isLast)
    for (auto cls : module.getOps<ts::ClassOp>())
      writer.addClass(cls->getAttrOfType<DictionaryAttr>(plan::kSignatureAttr));
  SmallVector<StringRef> methods;
  for (auto func : module.getOps<func::FuncOp>())
    if (func.isPublic()) {
      if (isLast && func->hasAttr(ts::kStateAttr))
        writer.addState(func->getAttrOfType<DictionaryAttr>(plan::kSignatureAttr));
      else if (auto cls = func->getAttrOfType<StringAttr>(ts::kExitAttr); cls && isLast)
        writer.addExit(cls.getValue());
      else if (isLast)
        writer.addMethod(func->getAttrOfType<DictionaryAttr>(plan::kSignatureAttr));
      methods.push_back(func.getName());
    }
  report(options, "code for " + info->isa);
  PassManager lowering(module.getContext());
  buildNativePipeline(lowering, own.pipeline);
  if (options.configure)
    options.configure(lowering);
  LogicalResult lowered = lowering.run(module);
  dumpModule(module, options, info->isa + ".native");
  if (failed(lowered))
    return failure();
  native::CodeGenOptions codegen;
  codegen.dumpDirectory = options.dumpDirectory;
  codegen.optimizationLevel = options.optimizationLevel;
  codegen.sanitizer = options.sanitizer;
  FailureOr<std::string> code = native::compile(module, *info, codegen);
  if (failed(code))
    return failure();
  std::vector<std::string> required = info->required;
  if (StringRef feature = native::getRequiredFeature(options.sanitizer); !feature.empty())
    required.push_back(feature.str());
  writer.addCode(info->isa, required, std::move(*code));
  if (!isLast)
    return success();
  if (auto sources = module->getAttrOfType<ArrayAttr>("plan.sources"))
    writer.setSources(sources);
  return weights.addTo(writer, module);
}

LogicalResult wick::compileToArtifact(ModuleOp module, Phase from, const CompileOptions &options, StringRef name,
                                      StringRef output) {
  if (failed(runPhases(module, from, Phase::Linalg, options)))
    return failure();
  if (llvm::none_of(module.getOps<func::FuncOp>(), [](func::FuncOp func) { return func.isPublic(); }))
    return module.emitError("there is no method to compile");
  WeightStore weights;
  artifact::Writer writer(name.str());
  // Layouts and packing are chosen for the first target; the others read the same weights.
  CompileOptions planning = options;
  planning.pipeline.target = options.targets.front();
  PassManager passes(module.getContext());
  buildPlanningPipeline(passes, planning.pipeline);
  if (options.configure)
    options.configure(passes);
  if (failed(passes.run(module)))
    return failure();
  dumpModule(module, options, "planned");
  if (failed(computeConstants(module, options, weights)))
    return failure();
  ArrayAttr knownWeights, knownSources;
  for (auto [index, target] : llvm::enumerate(options.targets)) {
    bool isLast = index + 1 == options.targets.size();
    OwningOpRef<ModuleOp> copy(isLast ? module : module.clone());
    // Weights and locations have the same numbers in the code of all targets.
    if (knownWeights) {
      copy.get()->setAttr("plan.weights", knownWeights);
      copy.get()->setAttr("plan.sources", knownSources);
    }
    LogicalResult generated = generate(*copy, options, target, weights, writer, isLast);
    knownWeights = copy.get()->getAttrOfType<ArrayAttr>("plan.weights");
    knownSources = copy.get()->getAttrOfType<ArrayAttr>("plan.sources");
    if (isLast)
      copy.release();
    if (failed(generated))
      return failure();
  }
  report(options, "writing " + output);
  if (llvm::Error error = writer.writeToFile(output))
    return emitError(UnknownLoc::get(module.getContext())) << llvm::toString(std::move(error));
  return success();
}
