//===- Infer.cpp - what operators of LibTorch return -------------------------===//
#include "Infer.h"

#include "Call.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

using namespace wick::fallback;
using Json = nlohmann::json;

namespace {
/// The arguments of a request, with unknown sizes taken to be `size`.
class Sample {
public:
  Sample(const Json &arguments, int64_t size, bool isMixed) : size(size), isMixed(isMixed) {
    for (const Json &argument : arguments)
      values.push_back(make(argument));
  }
  ~Sample() {
    for (const wick_value &value : values)
      wick_value_release(&value);
  }
  Sample(const Sample &) = delete;

  std::vector<wick_value> values;

private:
  wick_value make(const Json &json) {
    wick_value value{WICK_NONE, 0, {}};
    if (json.is_boolean()) {
      value.tag = WICK_BOOL_VALUE;
      value.u.i = json.get<bool>();
    } else if (json.is_number_integer()) {
      value.tag = WICK_INT_VALUE;
      value.u.i = json.get<int64_t>();
    } else if (json.is_number_float()) {
      value.tag = WICK_FLOAT_VALUE;
      value.u.f = json.get<double>();
    } else if (json.is_string()) {
      auto text = json.get<std::string>();
      value.tag = WICK_STRING_VALUE;
      value.u.p = wick_string_new(text.data(), text.size());
    } else if (json.is_array()) {
      value.tag = WICK_LIST_VALUE;
      wick_sequence *sequence = wick_sequence_new(json.size());
      value.u.p = sequence;
      for (size_t i = 0; i < json.size(); ++i)
        wick_sequence_items(sequence)[i] = make(json[i]);
    } else if (json.is_object() && json.contains("pickled")) {
      value = getObject(json.at("pickled"));
    } else if (json.is_object()) {
      value.tag = WICK_TENSOR_VALUE;
      value.u.p = makeTensor(json);
    }
    return value;
  }

  /// An object of the archive, which is unpickled when it is first used and kept for other requests.
  static wick_value getObject(const Json &range) {
    static std::map<std::string, wick_value> known;
    auto [it, isNew] = known.try_emplace(range.dump());
    if (isNew) {
      std::ifstream file(range.at("file").get<std::string>(), std::ios::binary);
      file.seekg(range.at("offset").get<int64_t>());
      int64_t bytes = range.at("bytes").get<int64_t>();
      wick_tensor *tensor = nullptr;
      TORCH_CHECK(wick_tensor_new(WICK_U8, 1, &bytes, &tensor, nullptr) == WICK_OK &&
                      file.read(static_cast<char *>(tensor->data), bytes),
                  "an object of the archive cannot be read");
      wick_sequence *object = wick_sequence_new(1);
      wick_sequence_items(object)[0].tag = WICK_TENSOR_VALUE;
      wick_sequence_items(object)[0].u.p = tensor;
      it->second.tag = WICK_OBJECT_VALUE;
      it->second.u.p = object;
    }
    wick_value_retain(&it->second);
    return it->second;
  }

  /// Ones, which most operators take as sizes, counts, indices and probabilities; or zeros and ones.
  wick_tensor *makeTensor(const Json &json) {
    std::vector<int64_t> sizes;
    for (const Json &dim : json.at("sizes"))
      sizes.push_back(dim.get<int64_t>() < 0 ? size : dim.get<int64_t>());
    int32_t dtype = wick_dtype_parse(json.at("dtype").get<std::string>().c_str());
    wick_tensor *tensor = nullptr;
    TORCH_CHECK(wick_tensor_new(dtype, sizes.size(), sizes.data(), &tensor, nullptr) == WICK_OK, "no sample tensor");
    auto options = at::TensorOptions().dtype(at::ScalarType(dtype));
    at::Tensor view = at::from_blob(tensor->data, sizes, options);
    view.copy_(isMixed ? at::arange(view.numel()).remainder(2).view(sizes) : at::ones({}));
    return tensor;
  }

  int64_t size;
  bool isMixed;
};

ResultSpec describe(const at::Tensor &tensor, bool hasSizes) {
  ResultSpec spec;
  if (!tensor.defined() || tensor.layout() != at::kStrided || tensor.is_quantized() ||
      !wick_dtype_name(int32_t(tensor.scalar_type())))
    return spec;
  spec.dtype = tensor.scalar_type();
  spec.sizes = tensor.sizes().vec();
  if (!hasSizes)
    spec.sizes.assign(spec.sizes.size(), -1);
  return spec;
}

/// What holds of both.
ResultSpec join(const ResultSpec &a, const ResultSpec &b) {
  if (!a.dtype || a.dtype != b.dtype || a.sizes.size() != b.sizes.size() || a.isList != b.isList)
    return {};
  ResultSpec spec = a;
  for (size_t i = 0; i < spec.sizes.size(); ++i)
    if (spec.sizes[i] != b.sizes[i])
      spec.sizes[i] = -1;
  return spec;
}

ResultSpec describe(const c10::IValue &value, bool hasSizes) {
  if (value.isTensor())
    return describe(value.toTensor(), hasSizes);
  if (!value.isTensorList() || value.toTensorVector().empty())
    return {};
  std::vector<at::Tensor> tensors = value.toTensorVector();
  ResultSpec spec = describe(tensors.front(), hasSizes);
  for (const at::Tensor &tensor : tensors)
    spec = join(spec, describe(tensor, hasSizes));
  spec.isList = true;
  return spec;
}

/// Whether sizes of the results follow from the arguments' sizes, as far as LibTorch says.
bool hasStaticSizes(const Operation &operation) {
  for (const std::string &name : operation.names) {
    size_t dot = name.find('.');
    auto op = c10::Dispatcher::singleton().findSchema(
        {name.substr(0, dot), dot == name.npos ? std::string() : name.substr(dot + 1)});
    if (op)
      return !op->hasTag(at::Tag::dynamic_output_shape);
  }
  return false;
}

/// How an operator is tried.
struct Trial {
  int64_t size; // of dims that are not known
  bool isMixed, onMeta;
};

std::vector<ResultSpec> run(const Json &request, const Operation &operation, Trial trial) {
  Sample sample(request.at("arguments"), trial.size, trial.isMixed);
  int64_t count = request.at("results").get<int64_t>();
  bool hasSizes = trial.onMeta || hasStaticSizes(operation);
  std::vector<ResultSpec> specs;
  for (const c10::IValue &value : call(operation, sample.values.data(), sample.values.size(), count,
                                       /*numbers=*/nullptr, trial.onMeta))
    specs.push_back(describe(value, hasSizes));
  return specs;
}

/// What holds in all of several trials, of which those after the first may fail.
std::vector<ResultSpec> runAll(const Json &request, const Operation &operation, std::initializer_list<Trial> trials) {
  std::vector<ResultSpec> specs = run(request, operation, *trials.begin());
  for (const Trial &trial : c10::ArrayRef<Trial>(trials).slice(1)) {
    try {
      std::vector<ResultSpec> others = run(request, operation, trial);
      for (size_t i = 0; i < specs.size(); ++i)
        specs[i] = join(specs[i], others[i]);
    } catch (const c10::Error &) {
      if (trial.size != trials.begin()->size)
        throw;
    }
  }
  return specs;
}
} // namespace

std::string wick::reader::inferResults(const std::string &text) {
  Json request = Json::parse(text);
  Operation operation = Operation::parse(request.at("operation").get<std::string>());
  std::vector<ResultSpec> specs;
  constexpr int64_t kSize = 5, kOther = 7;
  try {
    specs = runAll(request, operation, {{kSize, false, true}, {kOther, false, true}});
  } catch (const c10::Error &) {
    specs = runAll(request, operation, {{kSize, false, false}, {kOther, false, false}, {kSize, true, false}});
  }
  std::string answer;
  for (const ResultSpec &spec : specs)
    answer += (answer.empty() ? "" : " ") + spec.print() + (spec.isList ? "+" : "");
  return answer;
}
