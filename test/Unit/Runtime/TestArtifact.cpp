//===- TestArtifact.cpp - artifacts for the runtime's tests -----------------===//
#include "TestArtifact.h"
#include "Crc32.h"
#include "ZipWriter.h"
#include "wick/Artifact/Format.h"

#include <cstring>
#include <fstream>
#include <sstream>

using namespace wick::test;

static const char kManifest[] = R"({
  "format": 1, "abi": ABI_VERSION, "producer": "wick test", "name": "Test", "device": "cpu",
  "code": [{"file": "code/none.so", "isa": "none", "features": ["no-such-feature"], "crc32": CODE_CRC},
           {"file": "code/base.so", "isa": "base", "features": [], "crc32": CODE_CRC}],
  "weights": [{"file": "weights/0", "bytes": 8, "crc32": WEIGHT_CRC, "name": "bias", "dtype": "f64", "sizes": [1]}],
  "methods": [
    {"name": "add", "entry": 0,
     "arguments": [{"name": "x", "type": {"kind": "Tensor", "dtype": "f32", "dims": ["B", 3]}},
                   {"name": "y", "type": {"kind": "Tensor", "dtype": "f32", "dims": ["B", 3]}}],
     "results": [{"kind": "Tensor", "dtype": "f32", "dims": ["B", 3]}]},
    {"name": "unpack", "entry": 1,
     "arguments": [{"name": "pair", "type": {"kind": "Tuple", "elements": [
                      {"kind": "Tensor", "dtype": "f32", "dims": ["?"]}, {"kind": "int"}]}},
                   {"name": "scale", "type": {"kind": "float"}, "default": 2.5},
                   {"name": "flag", "type": {"kind": "Optional", "elements": [{"kind": "int"}]}, "default": null}],
     "results": [{"kind": "Tuple", "elements": [{"kind": "Tensor", "dtype": "f32", "dims": ["?"]},
                   {"kind": "Tuple", "elements": [{"kind": "float"}, {"kind": "Optional", "elements": [{"kind": "int"}]}]}]}]},
    {"name": "fail", "entry": 2,
     "arguments": [{"name": "location", "type": {"kind": "int"}}, {"name": "code", "type": {"kind": "int"}}],
     "results": [{"kind": "None"}]},
    {"name": "same", "entry": 3, "arguments": [{"name": "x", "type": {"kind": "Tensor"}}], "results": [{"kind": "Tensor"}]},
    {"name": "negate_", "entry": 4,
     "arguments": [{"name": "x", "type": {"kind": "Tensor", "dtype": "f32", "dims": ["N"]}, "written": true}],
     "results": [{"kind": "Tensor", "dtype": "f32", "dims": ["N"]}]},
    {"name": "work", "entry": 5, "arguments": [{"name": "x", "type": {"kind": "Tensor", "dtype": "f64", "dims": ["N"]}}],
     "results": [{"kind": "Tensor", "dtype": "f64", "dims": ["N"]}]},
    {"name": "hog", "entry": 6,
     "arguments": [{"name": "tensor", "type": {"kind": "bool"}}, {"name": "bytes", "type": {"kind": "int"}}],
     "results": [{"kind": "None"}]},
    {"name": "named", "entry": 7,
     "arguments": [{"name": "inputs", "type": {"kind": "Dict", "keys": ["a", "b"],
                      "elements": [{"kind": "str"}, {"kind": "Tensor", "dtype": "f32", "dims": ["N"]}]}},
                   {"name": "many", "type": {"kind": "List", "elements": [{"kind": "int"}], "length": 2}, "default": [1, 2]}],
     "results": [{"kind": "Dict", "keys": ["sum", "n"], "elements": [{"kind": "str"}, {"kind": "int"}]}]},
    {"name": "nothing", "entry": 8, "arguments": [], "results": []},
    {"name": "accumulate_", "entry": 9,
     "arguments": [{"name": "x", "type": {"kind": "Tensor", "dtype": "f32", "dims": ["N"]}, "written": true},
                   {"name": "y", "type": {"kind": "Tensor", "dtype": "f32", "dims": ["N"]}}],
     "results": [{"kind": "None"}]},
    {"name": "spin", "entry": 10, "arguments": [{"name": "n", "type": {"kind": "int"}}], "results": [{"kind": "int"}]},
    {"name": "turn", "entry": 11,
     "arguments": [{"name": "node", "type": {"kind": "Object", "class": "__torch__.graph.Node"}},
                   {"name": "color", "type": {"kind": "Enum", "class": "__torch__.graph.Color"},
                    "default": {"enum": "RED"}}],
     "results": [{"kind": "Tuple", "elements": [{"kind": "Object", "class": "__torch__.graph.Node"},
                   {"kind": "Enum", "class": "__torch__.graph.Color"}, {"kind": "bool"}]}]},
    {"name": "make", "entry": 12,
     "arguments": [{"name": "cls", "type": {"kind": "int"}}, {"name": "member", "type": {"kind": "int"}}],
     "results": [{"kind": "Any"}]}
  ],
  "classes": [
    {"name": "__torch__.graph.Node", "attributes": [
      {"name": "turns", "type": {"kind": "int"}},
      {"name": "next", "type": {"kind": "Optional", "elements": [{"kind": "Object", "class": "__torch__.graph.Node"}]}},
      {"name": "color", "type": {"kind": "Enum", "class": "__torch__.graph.Color"}},
      {"name": "weight", "type": {"kind": "Optional", "elements": [{"kind": "Tensor", "dtype": "f16", "dims": ["?"]}]}},
      {"name": "others", "type": {"kind": "List", "elements": [{"kind": "Object", "class": "__torch__.graph.Node"}]}}]},
    {"name": "__torch__.graph.Color", "members": [
      {"name": "RED", "type": {"kind": "int"}, "value": 1}, {"name": "BLUE", "type": {"kind": "int"}, "value": 4}]},
    {"name": "__torch__.graph.Unit", "members": [
      {"name": "METRE", "type": {"kind": "str"}, "value": "m"}, {"name": "RED", "type": {"kind": "str"}, "value": "r"}]},
    {"name": "__torch__.graph.Opaque", "attributes": [{"name": "thing"}]}
  ]
})";

static std::string readFile(const char *path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

uint32_t wick::test::crcOf(std::string_view bytes) {
  return runtime::crc32({reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
}

static void substitute(std::string &text, std::string_view from, std::string_view to) {
  size_t at = text.find(from);
  ASSERT_NE(at, text.npos) << from;
  for (; at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

Parts Parts::valid() {
  std::string code = readFile(WICK_TEST_MODULE), weight(8, 0), manifest = kManifest;
  double bias = 100;
  std::memcpy(weight.data(), &bias, 8);
  substitute(manifest, "ABI_VERSION", std::to_string(WICK_ABI_VERSION));
  substitute(manifest, "CODE_CRC", std::to_string(crcOf(code)));
  substitute(manifest, "WEIGHT_CRC", std::to_string(crcOf(weight)));
  std::string sources = R"json([
      ["model.py", 12, 5, "raise ValueError('bad code')"], ["other.py", 1, 1],
      ["model.py", 20, 9, "self.check(x)", "fail", -1],
      ["model.py", 12, 5, "raise ValueError('bad code')", "check", 2]])json";
  return {{{"manifest.json", manifest},
           {"code/none.so", code},
           {"code/base.so", code},
           {"weights/0", weight},
           {"sources.json", sources}}};
}

std::string &Parts::operator[](std::string_view name) {
  for (auto &[entry, bytes] : entries)
    if (entry == name)
      return bytes;
  return entries.emplace_back(name, "").second;
}

void Parts::replace(std::string_view entry, std::string_view from, std::string_view to) {
  substitute((*this)[entry], from, to);
}

std::string Parts::zip() const {
  runtime::ZipWriter writer;
  for (const auto &[name, bytes] : entries)
    writer.add(name, bytes, artifact::kPageSize);
  std::string file;
  EXPECT_TRUE(writer.finish(file));
  return file;
}

ModulePtr wick::test::load(const std::string &zip, std::string *message, const wick_load_options *options) {
  wick_module *module = nullptr;
  Errors error;
  wick_status status = wick_module_load_memory(zip.data(), zip.size(), options, &module, &error);
  EXPECT_EQ(status == WICK_OK, module != nullptr);
  EXPECT_EQ(status, error.status());
  if (message)
    *message = error.text();
  else
    EXPECT_EQ(error.text(), "");
  return ModulePtr(module);
}

wick_value wick::test::tensorValue(const TensorPtr &tensor) {
  wick_value value{WICK_TENSOR_VALUE, 0, {}};
  value.u.p = tensor.get();
  return value;
}

wick_value wick::test::intValue(int64_t number) { return {WICK_INT_VALUE, 0, {number}}; }
wick_value wick::test::boolValue(bool flag) { return {WICK_BOOL_VALUE, 0, {flag}}; }

wick_value wick::test::floatValue(double number) {
  wick_value value{WICK_FLOAT_VALUE, 0, {}};
  value.u.f = number;
  return value;
}
