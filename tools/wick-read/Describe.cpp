//===- Describe.cpp - functions, blocks, nodes and schemas ------------------===//
#include "Describe.h"

using namespace wick::reader;
using namespace torch::jit;

Json Describer::describeModule(const Module &module, const std::string &archive) {
  size_t root = objectIndex(module._ivalue());
  rootClass = module.type();
  return finish(root, archive);
}

Json Describer::describeFunctions(const std::vector<Function *> &functions, const std::string &name) {
  for (Function *function : functions)
    functionIndex(function);
  return finish(nullptr, name);
}

Json Describer::finish(Json root, const std::string &archive) {
  // Describing one thing may queue others, of any kind.
  Json classes = Json::array(), functions = Json::array(), objects = Json::array();
  bool changed = true;
  while (changed) {
    changed = false;
    for (; objects.size() < objectPointers.size(); changed = true)
      objects.push_back(describeObject(*objectPointers[objects.size()]));
    for (; classes.size() < classTypes.size(); changed = true)
      classes.push_back(describeClass(*classTypes[classes.size()]));
    for (; functions.size() < functionPointers.size(); changed = true)
      functions.push_back(describeFunction(*functionPointers[functions.size()]));
  }
  return Json{{"version", 1},
              {"archive", archive},
              {"root", std::move(root)},
              {"storages", std::move(storages)},
              {"tensors", std::move(tensors)},
              {"classes", std::move(classes)},
              {"functions", std::move(functions)},
              {"objects", std::move(objects)},
              {"schemas", std::move(schemas)}};
}

size_t Describer::functionIndex(Function *function) {
  auto [it, isNew] = functionIndices.try_emplace(function, functionPointers.size());
  if (isNew)
    functionPointers.push_back(function);
  return it->second;
}

Json Describer::describeSignature(const c10::FunctionSchema &schema) {
  Json arguments = Json::array();
  for (const c10::Argument &argument : schema.arguments()) {
    Json entry{{"name", argument.name()}, {"type", typeName(argument.type())}};
    if (argument.default_value())
      entry["default"] = describeValue(*argument.default_value());
    arguments.push_back(std::move(entry));
  }
  c10::TypePtr result = c10::NoneType::get();
  if (schema.returns().size() == 1)
    result = schema.returns().front().type();
  return Json{{"arguments", std::move(arguments)}, {"result", typeName(result)}};
}

Json Describer::describeFunction(Function &function) {
  Json result = describeSignature(function.getSchema());
  result["name"] = function.qualname().qualifiedName();
  if (!function.isGraphFunction())
    return result;
  Names names;
  auto graph = toGraphFunction(function).graph();
  result["body"] = describeBlock(*graph->block(), names);
  return result;
}

Json Describer::describeDefinition(const Value &value, Names &names) {
  size_t id = names.size();
  names[&value] = id;
  Json result{{"id", id}, {"type", typeName(value.type())}};
  if (value.hasDebugName())
    result["name"] = value.debugName();
  return result;
}

Json Describer::describeBlock(const Block &block, Names &names) {
  Json params = Json::array(), nodes = Json::array(), returns = Json::array();
  for (const Value *param : block.inputs())
    params.push_back(describeDefinition(*param, names));
  for (const Node *node : block.nodes())
    nodes.push_back(describeNode(const_cast<Node &>(*node), names));
  for (const Value *value : block.outputs())
    returns.push_back(names.at(value));
  return Json{{"params", std::move(params)}, {"nodes", std::move(nodes)}, {"returns", std::move(returns)}};
}

Json Describer::describeNode(Node &node, Names &names) {
  Json inputs = Json::array(), outputs = Json::array(), blocks = Json::array();
  for (const Value *input : node.inputs())
    inputs.push_back(names.at(input));
  Json attributes = describeNodeAttributes(node, names);
  if (node.hasAttribute(attr::Subgraph)) {
    // The subgraph of a fork has values of its own.
    blocks.push_back(describeBlock(*node.g(attr::Subgraph)->block(), names));
  }
  for (const Block *block : node.blocks())
    blocks.push_back(describeBlock(*block, names));
  for (const Value *output : node.outputs())
    outputs.push_back(describeDefinition(*output, names));
  Json result{{"op", node.kind().toQualString()}};
  if (const c10::FunctionSchema *schema = node.maybeSchema()) {
    result["overload"] = schema->overload_name();
    result["schema"] = schemaIndex(*schema);
  }
  result["inputs"] = std::move(inputs);
  result["outputs"] = std::move(outputs);
  if (!attributes.empty())
    result["attributes"] = std::move(attributes);
  if (!blocks.empty())
    result["blocks"] = std::move(blocks);
  result["loc"] = describeLocation(node);
  return result;
}

Json Describer::describeNodeAttributes(Node &node, Names &names) {
  Json result = Json::object();
  if (node.kind() == prim::Constant) {
    if (auto type = node.output()->type()->cast<c10::FunctionType>()) {
      result["value"] = Json{{"function", functionIndex(type->function())}};
      return result;
    }
    // Nothing writes to a constant, so those that share memory, as defaults of operators do, need not be one.
    auto others = std::exchange(containerIds, {});
    result["value"] = describeValue(toIValue(node.output()).value_or(c10::IValue()));
    containerIds = std::move(others);
    return result;
  }
  for (Symbol name : node.attributeNames()) {
    Json value;
    switch (node.kindOf(name)) {
    case AttributeKind::i: value = Json{{"int", node.i(name)}}; break;
    case AttributeKind::f: value = Json{{"float", describeFloat(node.f(name))}}; break;
    case AttributeKind::s: value = Json{{"str", describeBytes(node.s(name))}}; break;
    case AttributeKind::ival: value = describeValue(node.ival(name)); break;
    case AttributeKind::t: value = describeValue(node.t(name)); break;
    case AttributeKind::ty: value = Json{{"types", Json::array({typeName(node.ty(name))})}}; break;
    case AttributeKind::tys: {
      Json types = Json::array();
      for (const c10::TypePtr &type : node.tys(name))
        types.push_back(typeName(type));
      value = Json{{"types", std::move(types)}};
      break;
    }
    default: continue; // subgraphs are blocks
    }
    result[name.toUnqualString()] = std::move(value);
  }
  return result;
}

/// The line in which a range starts, without its indentation; "" where the text is no code: a tracer leaves Python's
/// stack there, as "model.py(12): forward".
static std::string describeLine(const SourceRange &range) {
  const std::shared_ptr<Source> &source = range.source();
  if (source->filename() && source->get_line(0).str().starts_with(*source->filename() + "("))
    return "";
  std::string line = source->get_line(source->lineno_for_offset(range.start())).str();
  size_t start = line.find_first_not_of(" \t"), end = line.find_last_not_of(" \t\r\n");
  return start == std::string::npos ? "" : describeBytes(line.substr(start, end - start + 1));
}

/// One frame; null when the range is in the archive's code and nothing else is known.
static Json describeFrame(const SourceRange &range, const std::string &function) {
  auto where = range.file_line_col();
  if (!where || std::get<0>(*where).empty())
    return nullptr;
  auto &[file, line, column] = *where;
  return Json{
      {"file", file}, {"line", line}, {"column", column}, {"function", function}, {"text", describeLine(range)}};
}

Json Describer::describeLocation(const Node &node) {
  Json frames = Json::array();
  auto add = [&](const SourceRange &range, const std::string &function) {
    // The user's source, or the archive's code where the archive has no debug files. The name of a function that is
    // called was generated from nowhere: then what is around it tells.
    Json frame;
    const std::shared_ptr<Source> &source = range.source();
    size_t first = source ? source->offset_for_line(source->lineno_for_offset(range.start())) : range.start();
    for (size_t at = range.start() + 1; source && frame.is_null() && at-- > first;)
      if (auto part = SourceRange(source, at, at + 1).findSourceRangeThatGenerated())
        frame = describeFrame(*part, function);
    if (frame.is_null())
      frame = describeFrame(range, function);
    if (!frame.is_null())
      frames.push_back(std::move(frame));
  };
  // Each call with the function in which it stands; "" is the function that is described.
  std::optional<InlinedCallStackPtr> stack = node.callstack();
  std::vector<std::pair<std::string, SourceRange>> callers;
  std::string innermost;
  if (stack) {
    for (const auto &[function, range, instance] : (*stack)->vec()) {
      callers.emplace_back(innermost, range);
      innermost = function ? function->name() : "";
    }
  }
  add(node.sourceRange(), innermost);
  for (auto it = callers.rbegin(); it != callers.rend(); ++it)
    add(it->second, it->first);
  return frames;
}

static Json describeAlias(const c10::AliasInfo &alias) {
  auto names = [](const auto &set) {
    std::set<std::string> sorted;
    for (Symbol symbol : set)
      sorted.insert(symbol.toUnqualString());
    return Json(sorted);
  };
  return Json{{"before", names(alias.beforeSets())}, {"after", names(alias.afterSets())}, {"write", alias.isWrite()}};
}

size_t Describer::schemaIndex(const c10::FunctionSchema &schema) {
  std::string key = schema.name() + "." + schema.overload_name();
  auto [it, isNew] = schemaIndices.try_emplace(key, schemaIndices.size());
  if (!isNew)
    return it->second;
  size_t index = it->second;
  std::ostringstream text;
  text << schema;
  Json arguments = Json::array(), returns = Json::array();
  for (const c10::Argument &argument : schema.arguments()) {
    Json entry{{"name", argument.name()}, {"type", typeName(argument.type())}};
    if (argument.default_value())
      entry["default"] = describeValue(*argument.default_value());
    entry["kwarg_only"] = argument.kwarg_only();
    if (argument.alias_info())
      entry["alias"] = describeAlias(*argument.alias_info());
    arguments.push_back(std::move(entry));
  }
  for (const c10::Argument &value : schema.returns()) {
    Json entry{{"type", typeName(value.type())}};
    if (value.alias_info())
      entry["alias"] = describeAlias(*value.alias_info());
    returns.push_back(std::move(entry));
  }
  schemas.push_back(Json{{"name", schema.name()},
                         {"overload", schema.overload_name()},
                         {"text", text.str()},
                         {"arguments", std::move(arguments)},
                         {"returns", std::move(returns)},
                         {"vararg", schema.is_vararg()},
                         {"varret", schema.is_varret()}});
  return index;
}
