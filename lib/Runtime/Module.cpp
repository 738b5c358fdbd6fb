//===- Module.cpp - loads artifacts ------------------------------------------===//
#include "Module.h"
#include "Class.h"
#include "Cpu.h"
#include "Fallback.h"
#include "Literals.h"
#include "Value.h"
#include "wick/Artifact/Format.h"

#include <algorithm>
#include <cstring>

using namespace wick::runtime;
namespace artifact = wick::artifact;

static std::string_view text(const ZipEntry &entry) {
  return {reinterpret_cast<const char *>(entry.bytes.data()), entry.bytes.size()};
}

wick_module::wick_module(Mapping &&mapping, const wick_load_options &options, bool checkOnly)
    : file(std::move(mapping)), directory(file.bytes()) {
  if (directory.entries().empty() || directory.entries().front().name != artifact::kManifestName)
    fail(WICK_ERROR_ARTIFACT, "not a wick artifact: a zip file whose first entry is not '", artifact::kManifestName,
         "'");
  const ZipEntry &first = directory.entries().front();
  checkCrc(first);
  manifest = Manifest::parse(text(first));
  if (manifest.device != "cpu")
    fail(WICK_ERROR_UNSUPPORTED, "the artifact is for device '", manifest.device, "', this runtime has 'cpu'");
  loadWeights(checkOnly || (options.flags & WICK_LOAD_VERIFY_WEIGHTS));
  loadCode(options.isa, checkOnly);
  if (checkOnly) {
    for (const ZipEntry &other : directory.entries())
      checkCrc(other);
    if (const ZipEntry *found = directory.find(artifact::kSourcesName))
      parseSources(text(*found));
  }
}

const ZipEntry &wick_module::entry(std::string_view name) const {
  const ZipEntry *found = directory.find(name);
  if (!found)
    fail(WICK_ERROR_ARTIFACT, "damaged artifact: '", name, "', which the manifest names, is missing");
  return *found;
}

void wick_module::loadWeights(bool verify) {
  weights.reserve(manifest.weights.size());
  for (const WeightInfo &weight : manifest.weights) {
    const ZipEntry &found = entry(weight.file);
    if (found.bytes.size() != weight.bytes)
      fail(WICK_ERROR_ARTIFACT, "damaged artifact: '", weight.file, "' has ", found.bytes.size(),
           " bytes, the manifest says ", weight.bytes);
    if (found.offset % kAlignment)
      fail(WICK_ERROR_ARTIFACT, "damaged artifact: '", weight.file, "' is not aligned to ", kAlignment, " bytes");
    if (weight.crc != found.crc)
      fail(WICK_ERROR_ARTIFACT, "damaged artifact: the manifest's checksum of '", weight.file, "' is wrong");
    if (verify)
      checkCrc(found);
    weights.push_back(found.bytes.data());
  }
}

static std::string_view missingFeature(const CodeInfo &code) {
  for (const std::string &feature : code.features)
    if (!hasCpuFeature(feature))
      return feature;
  return {};
}

static std::string_view whoLacks(std::string_view feature) {
  return feature.ends_with("-sanitizer") ? "which this runtime is not built with" : "which this machine lacks";
}

void wick_module::loadCode(const char *wanted, bool checkOnly) {
  const CodeInfo *chosen = nullptr;
  std::string known;
  for (const CodeInfo &info : manifest.code) {
    known += (known.empty() ? "" : ", ") + info.isa;
    if (!chosen && (wanted ? info.isa == wanted : missingFeature(info).empty()))
      chosen = &info;
    if (checkOnly) {
      const ZipEntry &found = entry(info.file);
      checkCrc(found);
      Code(found.bytes, info.file, manifest.entryCount(), true);
    }
  }
  if (checkOnly)
    return;
  if (!chosen && wanted)
    fail(WICK_ERROR_UNSUPPORTED, "the artifact has no code for '", wanted, "', only for ", known);
  if (!chosen && manifest.code.empty())
    fail(WICK_ERROR_ARTIFACT, "damaged artifact: there is no code");
  if (!chosen)
    fail(WICK_ERROR_UNSUPPORTED, "the artifact has code for ", known, " only; it needs ",
         missingFeature(manifest.code.back()), ", ", whoLacks(missingFeature(manifest.code.back())));
  if (std::string_view feature = missingFeature(*chosen); !feature.empty())
    fail(WICK_ERROR_UNSUPPORTED, "code for '", chosen->isa, "' needs ", feature, ", ", whoLacks(feature));
  const ZipEntry &found = entry(chosen->file);
  if (chosen->crc != found.crc)
    fail(WICK_ERROR_ARTIFACT, "damaged artifact: the manifest's checksum of '", chosen->file, "' is wrong");
  checkCrc(found);
  if (!manifest.fallback.empty())
    loadFallback(manifest.fallback);
  code = Code(found.bytes, chosen->file, manifest.entryCount());
  isa = chosen->isa;
  for (int64_t i = 0; i < code.module()->literal_count; ++i) {
    literals.reserve(literals.size() + 1);
    literals.push_back(makeLiteral(code.module()->literals[i]));
  }
}

wick_module::~wick_module() {
  for (const wick_value &literal : literals)
    wick_value_release(&literal);
}

void wick_module::locate(Error &error, int32_t index) const noexcept {
  if (index < 0)
    return;
  try {
    std::call_once(sourcesRead, [&] {
      if (const ZipEntry *found = directory.find(artifact::kSourcesName)) {
        checkCrc(*found);
        sources = parseSources(text(*found));
      }
    });
    if (size_t(index) >= sources.size())
      return;
    std::vector<SourcePlace> frames;
    for (; index >= 0; index = sources[index].caller)
      frames.push_back(sources[index].place);
    error.frames.assign(frames.rbegin(), frames.rend());
  } catch (...) {
    // A damaged source map takes nothing from the error itself.
  }
}

std::string wick_module::summary() const {
  uint64_t bytes = 0;
  for (const WeightInfo &weight : manifest.weights)
    bytes += weight.bytes;
  std::string out = concat("artifact '", manifest.name, "' by ", manifest.producer, ": ", manifest.methods.size(),
                           manifest.methods.size() == 1 ? " method, " : " methods, ", manifest.weights.size(),
                           " weights of ", bytes, " bytes, code for ");
  for (const CodeInfo &info : manifest.code)
    out += (&info == manifest.code.data() ? "" : ", ") + info.isa;
  for (const std::string &name : manifest.fallback)
    out += (&name == manifest.fallback.data() ? "; LibTorch runs " : ", ") + name;
  return out;
}

//===--- the C interface ------------------------------------------------------===//

static wick_load_options readOptions(const wick_load_options *given) {
  wick_load_options options{sizeof(wick_load_options), 0, nullptr};
  if (given)
    std::memcpy(&options, given, std::min<size_t>(given->size, sizeof(options)));
  return options;
}

wick_status wick_module_load(const char *path, const wick_load_options *options, wick_module **module,
                             wick_error **error) {
  return guarded(error, [&] { *module = new wick_module(Mapping::ofFile(path), readOptions(options), false); });
}

wick_status wick_module_load_memory(const void *data, size_t bytes, const wick_load_options *options,
                                    wick_module **module, wick_error **error) {
  return guarded(error, [&] {
    if (!bytes)
      fail(WICK_ERROR_ARTIFACT, "the artifact is empty");
    Mapping copy = Mapping::anonymous(bytes);
    std::memcpy(copy.data(), data, bytes);
    *module = new wick_module(std::move(copy), readOptions(options), false);
  });
}

wick_status wick_module_check(const char *path, wick_string **summary, wick_error **error) {
  return guarded(error, [&] {
    wick_module module(Mapping::ofFile(path), readOptions(nullptr), true);
    if (summary)
      *summary = new wick_string{{1}, module.summary()};
  });
}

void wick_module_retain(wick_module *module) { module->references.fetch_add(1, std::memory_order_relaxed); }

void wick_module_release(wick_module *module) {
  if (module && module->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete module;
}

const char *wick_module_name(const wick_module *module) { return module->manifest.name.c_str(); }
const char *wick_module_producer(const wick_module *module) { return module->manifest.producer.c_str(); }
const char *wick_module_isa(const wick_module *module) { return module->isa.c_str(); }

const void *wick_module_data(const wick_module *module, size_t *bytes) {
  *bytes = module->file.size();
  return module->file.data();
}

const char *wick_module_manifest(const wick_module *module, size_t *bytes) {
  std::string_view json = text(module->directory.entries().front());
  *bytes = json.size();
  return json.data();
}

int32_t wick_module_method_count(const wick_module *module) { return module->manifest.methods.size(); }

const wick_method *wick_module_method(const wick_module *module, int32_t index) {
  const auto &methods = module->manifest.methods;
  return index >= 0 && size_t(index) < methods.size() ? &methods[index] : nullptr;
}

const wick_method *wick_module_find(const wick_module *module, const char *name) { return module->manifest.find(name); }
const char *wick_method_name(const wick_method *method) { return method->name.c_str(); }
const char *wick_method_signature(const wick_method *method) { return method->signature.c_str(); }
int32_t wick_method_argument_count(const wick_method *method) { return method->arguments.size(); }

const char *wick_method_argument_name(const wick_method *method, int32_t index) {
  return method->arguments[index].name.c_str();
}

const wick_type *wick_method_argument_type(const wick_method *method, int32_t index) {
  return &method->arguments[index].type;
}

int wick_method_argument_has_default(const wick_method *method, int32_t index) {
  return method->arguments[index].hasDefault;
}

int wick_method_argument_is_written(const wick_method *method, int32_t index) {
  return method->arguments[index].written;
}

const wick_type *wick_method_result_type(const wick_method *method) { return &method->result; }
int32_t wick_module_attribute_count(const wick_module *module) { return module->manifest.visible; }
const char *wick_module_attribute_name(const wick_module *module, int32_t index) {
  const Manifest &manifest = module->manifest;
  return index < 0 || size_t(index) >= manifest.visible ? nullptr : manifest.attributes.arguments[index].name.c_str();
}
const wick_type *wick_module_attribute_type(const wick_module *module, int32_t index) {
  const Manifest &manifest = module->manifest;
  return index < 0 || size_t(index) >= manifest.visible ? nullptr : &manifest.attributes.arguments[index].type;
}
int32_t wick_module_find_attribute(const wick_module *module, const char *name) {
  const auto &attributes = module->manifest.attributes.arguments;
  for (size_t i = 0; i < module->manifest.visible; ++i)
    if (attributes[i].name == name)
      return i;
  return -1;
}
wick_type_kind wick_type_get_kind(const wick_type *type) { return type->kind; }
const char *wick_type_text(const wick_type *type) { return type->text.c_str(); }
int32_t wick_type_dtype(const wick_type *type) { return type->dtype; }
int32_t wick_type_rank(const wick_type *type) { return type->rank; }
int64_t wick_type_dim(const wick_type *type, int32_t dim) { return type->dims[dim].size; }
const char *wick_type_dim_name(const wick_type *type, int32_t dim) { return type->dims[dim].name.c_str(); }
int32_t wick_type_element_count(const wick_type *type) { return type->elements.size(); }
const wick_type *wick_type_element(const wick_type *type, int32_t index) { return &type->elements[index]; }
const char *wick_type_name(const wick_type *type) { return type->fields.empty() ? nullptr : type->name.c_str(); }
const char *wick_type_field(const wick_type *type, int32_t index) {
  return index < 0 || size_t(index) >= type->fields.size() ? nullptr : type->fields[index].c_str();
}
const wick_class *wick_type_class(const wick_type *type) { return type->cls; }
int32_t wick_module_class_count(const wick_module *module) { return module->manifest.classes->list.size(); }
const wick_class *wick_module_class(const wick_module *module, int32_t index) {
  const auto &list = module->manifest.classes->list;
  return index < 0 || size_t(index) >= list.size() ? nullptr : &list[index];
}
int64_t wick_type_list_length(const wick_type *type) { return type->length; }

const char *wick_version() { return WICK_VERSION_TEXT; }
uint32_t wick_abi_version() { return WICK_ABI_VERSION; }
uint32_t wick_format_version() { return artifact::kFormatVersion; }
const char *wick_cpu_features() { return cpuFeatureText().c_str(); }
