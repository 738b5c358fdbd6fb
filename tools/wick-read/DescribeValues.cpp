//===- DescribeValues.cpp - values, objects, tensors and their storages -----===//
#include "Describe.h"

#include <cmath>

using namespace wick::reader;

static bool isUtf8(const std::string &bytes) {
  try {
    (void)nlohmann::json(bytes).dump();
    return true;
  } catch (const nlohmann::json::exception &) {
    return false;
  }
}

Json wick::reader::describeBytes(const std::string &bytes) {
  if (isUtf8(bytes))
    return bytes;
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    size_t count = std::min<size_t>(3, bytes.size() - i);
    for (size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < count ? uint8_t(bytes[i + j]) : 0);
    for (size_t j = 0; j < 4; ++j)
      encoded += j <= count ? digits[group >> (18 - 6 * j) & 63] : '=';
  }
  return Json{{"b64", encoded}};
}

Json wick::reader::describeFloat(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value > 0 ? "inf" : "-inf";
  return value;
}

Json Describer::describeContainer(const void *identity, const char *kind, const c10::TypePtr &type, Json elements) {
  return Json{{kind, std::move(elements)}, {"id", containerIds.at(identity)}, {"type", typeName(type)}};
}

Json Describer::describeValue(const c10::IValue &value) {
  if (value.isNone())
    return Json{{"none", true}};
  if (value.isTensor())
    return describeTensorValue(value.toTensor());
  if (value.isBool())
    return Json{{"bool", value.toBool()}};
  if (value.isInt())
    return Json{{"int", value.toInt()}};
  if (value.isDouble())
    return Json{{"float", describeFloat(value.toDouble())}};
  if (value.isComplexDouble()) {
    auto number = value.toComplexDouble();
    return Json{{"complex", Json::array({describeFloat(number.real()), describeFloat(number.imag())})}};
  }
  if (value.isString())
    return Json{{"str", describeBytes(value.toStringRef())}};
  if (value.isDevice())
    return Json{{"device", value.toDevice().str()}};
  if (value.isTuple()) {
    Json elements = Json::array();
    for (const c10::IValue &element : value.toTupleRef().elements())
      elements.push_back(describeValue(element));
    Json result{{"tuple", std::move(elements)}};
    if (auto type = value.type()->cast<c10::TupleType>(); type && type->name())
      result["type"] = typeName(type);
    return result;
  }
  if (value.isList() || value.isGenericDict()) {
    // Keys and elements may contain the container only through objects, so the recursion ends.
    const void *identity = value.isList() ? (const void *)value.internalToPointer() : value.internalToPointer();
    auto [it, isNew] = containerIds.try_emplace(identity, containerCount);
    if (!isNew)
      return Json{{"ref", it->second}};
    ++containerCount;
    kept.push_back(value);
    Json elements = Json::array();
    if (value.isList()) {
      for (const c10::IValue &element : value.toListRef())
        elements.push_back(describeValue(element));
      return describeContainer(identity, "list", value.type(), std::move(elements));
    }
    for (const auto &entry : value.toGenericDict())
      elements.push_back(Json::array({describeValue(entry.key()), describeValue(entry.value())}));
    return describeContainer(identity, "dict", value.type(), std::move(elements));
  }
  if (value.isObject()) {
    auto object = value.toObject();
    if (isCustomClass(*object->type()) && !pickle(object))
      return Json{{"opaque", typeName(object->type())}};
    return Json{{"object", objectIndex(object)}};
  }
  if (value.isEnum()) {
    auto holder = value.toEnumHolder();
    return Json{{"enum", Json{{"class", classIndex(holder->type())}, {"name", holder->name()}}}};
  }
  if (value.isGenerator())
    return Json{{"generator", value.toGenerator().current_seed()}};
  return Json{{"opaque", value.tagKind()}};
}

size_t Describer::objectIndex(const c10::intrusive_ptr<c10::ivalue::Object> &object) {
  auto [it, isNew] = objectIndices.try_emplace(object.get(), objectPointers.size());
  if (isNew) {
    objectPointers.push_back(object);
    findClasses(object->type());
  }
  return it->second;
}

bool Describer::pickle(const c10::intrusive_ptr<c10::ivalue::Object> &object) {
  auto [it, isNew] = pickled.try_emplace(object.get());
  if (!isNew)
    return it->second.defined();
  kept.emplace_back(object);
  try {
    std::vector<char> bytes = torch::jit::pickle_save(object);
    it->second = at::from_blob(bytes.data(), {int64_t(bytes.size())}, at::kByte).clone();
  } catch (const c10::Error &) { // a class that cannot be saved
  }
  return it->second.defined();
}

Json Describer::describeObject(const c10::ivalue::Object &object) {
  Json slots = Json::array();
  if (auto it = pickled.find(&object); it != pickled.end()) {
    slots.push_back(describeTensorValue(it->second));
    return Json{{"class", classIndex(object.type())}, {"slots", std::move(slots)}};
  }
  for (const c10::IValue &slot : object.slots())
    slots.push_back(describeValue(slot));
  return Json{{"class", classIndex(object.type())}, {"slots", std::move(slots)}};
}

Json Describer::describeTensorValue(const at::Tensor &tensor) {
  if (!tensor.defined())
    return Json{{"opaque", "undefined tensor"}};
  return Json{{"tensor", tensorIndex(tensor)}};
}

/// Why a tensor is not plain elements in memory, or null.
static const char *opaqueKind(const at::Tensor &tensor) {
  if (tensor.is_quantized())
    return "quantized";
  if (tensor.is_meta())
    return "meta";
  if (tensor.layout() != at::kStrided)
    return tensor.is_mkldnn() ? "mkldnn" : "sparse";
  if (!tensor.has_storage())
    return "without storage";
  if (!tensor.device().is_cpu())
    return "not on the CPU";
  if (tensor.is_conj() || tensor.is_neg())
    return "unresolved conjugate or negative";
  return nullptr;
}

size_t Describer::tensorIndex(const at::Tensor &tensor) {
  auto [it, isNew] = tensorIndices.try_emplace(tensor.unsafeGetTensorImpl(), tensors.size());
  if (!isNew)
    return it->second;
  size_t index = it->second;
  kept.push_back(tensor);
  Json entry = Json::object();
  if (const char *kind = opaqueKind(tensor)) {
    entry["opaque"] = kind;
  } else {
    const c10::StorageImpl *storage = tensor.storage().unsafeGetStorageImpl();
    auto [known, isNewStorage] = storageIndices.try_emplace(storage, storages.size());
    if (isNewStorage) {
      ByteRange range = storageFinder.find(*storage);
      storages.push_back(Json{{"file", range.file}, {"offset", range.offset}, {"bytes", range.bytes}});
    }
    entry["storage"] = known->second;
    entry["offset"] = tensor.storage_offset();
    entry["sizes"] = tensor.sizes().vec();
    entry["strides"] = tensor.strides().vec();
  }
  std::ostringstream layout;
  layout << tensor.layout();
  entry["dtype"] = int(tensor.scalar_type());
  entry["requires_grad"] = tensor.requires_grad();
  entry["device"] = tensor.device().str();
  entry["layout"] = layout.str();
  tensors.push_back(std::move(entry));
  return index;
}
