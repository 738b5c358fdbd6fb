//===- ClassesTest.cpp - objects and enumerations across the boundary -------===//
#include "TestArtifact.h"

using namespace wick::test;

namespace {

/// A reference to a value, released with its holder.
struct Held {
  Held() = default;
  explicit Held(wick_value value) : value(value) {}
  Held(const Held &) = delete;
  ~Held() { wick_value_release(&value); }
  wick_value value{};
};

wick_value objectValue(wick_sequence *object) {
  wick_value value{WICK_OBJECT_VALUE, 0, {}};
  value.u.p = object;
  return value;
}

wick_value memberValue(const wick_member *member) {
  wick_value value{WICK_ENUM_VALUE, 0, {}};
  value.u.p = const_cast<wick_member *>(member);
  return value;
}

class ClassesTest : public testing::Test {
protected:
  ClassesTest() : module(load(Parts::valid().zip())) {
    wick_session *made = nullptr;
    EXPECT_EQ(wick_session_new(module.get(), nullptr, &made, nullptr), WICK_OK);
    session.reset(made);
    node = wick_module_class(module.get(), 0);
    color = wick_module_class(module.get(), 1);
    unit = wick_module_class(module.get(), 2);
  }

  /// A node with a color and no others; the caller owns it.
  wick_value makeNode(const wick_class *cls, const char *name) const {
    wick_value object = objectValue(wick_object_new(cls));
    wick_value *slots = items(object);
    slots[0] = intValue(0);
    slots[2] = memberValue(wick_class_find_member(wick_type_class(wick_class_attribute_type(cls, 2)), name));
    wick_value_retain(&slots[2]);
    slots[4].tag = WICK_LIST_VALUE;
    slots[4].u.p = wick_sequence_new(0);
    return object;
  }
  static wick_value *items(const wick_value &value) {
    return wick_sequence_items(static_cast<wick_sequence *>(value.u.p));
  }

  wick_status call(const char *method, const std::vector<wick_value> &args) {
    wick_value_release(&result);
    result = {};
    return wick_call(session.get(), wick_module_find(module.get(), method), args.data(), args.size(), &result, &error);
  }
  std::string failure(const char *method, const std::vector<wick_value> &args) {
    EXPECT_EQ(call(method, args), WICK_ERROR_ARGUMENT);
    return error.text();
  }

  ~ClassesTest() override { wick_value_release(&result); }

  ModulePtr module;
  SessionPtr session;
  const wick_class *node, *color, *unit;
  wick_value result{};
  Errors error;
};

TEST_F(ClassesTest, DescribesClasses) {
  EXPECT_EQ(wick_module_class_count(module.get()), 4);
  EXPECT_EQ(wick_module_class(module.get(), 4), nullptr);
  EXPECT_STREQ(wick_class_name(node), "__torch__.graph.Node");
  EXPECT_FALSE(wick_class_is_enum(node));
  ASSERT_EQ(wick_class_attribute_count(node), 5);
  EXPECT_STREQ(wick_class_attribute_name(node, 1), "next");
  EXPECT_EQ(wick_class_attribute_name(node, 5), nullptr);
  const wick_type *next = wick_class_attribute_type(node, 1);
  EXPECT_STREQ(wick_type_text(next), "Optional[Node]");
  EXPECT_EQ(wick_type_get_kind(wick_type_element(next, 0)), WICK_TYPE_OBJECT);
  EXPECT_EQ(wick_type_class(wick_type_element(next, 0)), node);
  EXPECT_EQ(wick_class_attribute_type(wick_module_class(module.get(), 3), 0), nullptr);
  EXPECT_TRUE(wick_class_is_enum(unit));
  ASSERT_EQ(wick_class_member_count(unit), 2);
  const wick_member *metre = wick_class_find_member(unit, "METRE");
  ASSERT_EQ(metre, wick_class_member(unit, 0));
  EXPECT_EQ(wick_class_find_member(unit, "FOOT"), nullptr);
  EXPECT_EQ(wick_member_class(metre), unit);
  EXPECT_STREQ(wick_member_name(metre), "METRE");
  ASSERT_EQ(wick_member_value(metre)->tag, WICK_STRING_VALUE);
  EXPECT_STREQ(wick_string_data(static_cast<wick_string *>(wick_member_value(metre)->u.p), nullptr), "m");
  EXPECT_EQ(wick_object_new(unit), nullptr);
  EXPECT_STREQ(wick_method_signature(wick_module_find(module.get(), "turn")),
               "turn(node: Node, color: Color = RED) -> Tuple[Node, Color, bool]");
}

TEST_F(ClassesTest, PassesByReference) {
  Held held(makeNode(node, "BLUE"));
  ASSERT_EQ(call("turn", {held.value}), WICK_OK) << error.text(); // the default is RED
  EXPECT_EQ(items(result)[0].u.p, held.value.u.p);
  EXPECT_EQ(items(result)[1].u.p, wick_class_find_member(color, "BLUE"));
  EXPECT_EQ(items(result)[2].u.i, 0);
  EXPECT_EQ(items(held.value)[0].u.i, 1);
  EXPECT_EQ(items(held.value)[2].u.p, wick_class_find_member(color, "RED"));
  ASSERT_EQ(call("turn", {held.value, memberValue(wick_class_find_member(color, "RED"))}), WICK_OK) << error.text();
  EXPECT_EQ(items(result)[2].u.i, 1);
  EXPECT_EQ(items(held.value)[0].u.i, 2);
}

TEST_F(ClassesTest, TakesCircles) {
  Held held(makeNode(node, "RED"));
  wick_value *slots = items(held.value);
  slots[1] = held.value;
  wick_value_retain(&slots[1]);
  wick_value_release(&slots[4]);
  wick_sequence *others = wick_sequence_new(2);
  slots[4].u.p = others;
  wick_sequence_items(others)[0] = held.value;
  wick_value_retain(&held.value);
  wick_sequence_items(others)[1] = makeNode(node, "BLUE");
  EXPECT_EQ(call("turn", {held.value}), WICK_OK) << error.text();
  // What is wrong anywhere is found.
  items(wick_sequence_items(others)[1])[0] = floatValue(1);
  EXPECT_EQ(failure("turn", {held.value}),
            "turn(): argument 'node', attribute 'turns' of an object of class Node, must be int, not float");
  wick_value_release(&slots[1]);
  slots[1] = {};
  wick_value_release(&slots[4]);
  slots[4].u.p = wick_sequence_new(0);
}

TEST_F(ClassesTest, TakesWhatAnotherModuleMade) {
  ModulePtr other = load(Parts::valid().zip());
  Held held(makeNode(wick_module_class(other.get(), 0), "BLUE"));
  const wick_member *blue = wick_class_find_member(wick_module_class(other.get(), 1), "BLUE");
  ASSERT_EQ(call("turn", {held.value, memberValue(blue)}), WICK_OK) << error.text();
  EXPECT_EQ(items(result)[2].u.i, 1);
  other.reset(); // whose class lives on with the object
  EXPECT_STREQ(wick_class_name(wick_object_class(static_cast<wick_sequence *>(held.value.u.p))),
               "__torch__.graph.Node");
}

TEST_F(ClassesTest, ResultsOutliveTheModule) {
  ASSERT_EQ(call("make", {intValue(0), intValue(-1)}), WICK_OK) << error.text();
  Held object(std::exchange(result, {}));
  ASSERT_EQ(call("make", {intValue(2), intValue(0)}), WICK_OK) << error.text();
  Held member(std::exchange(result, {}));
  session.reset();
  module.reset();
  auto *sequence = static_cast<wick_sequence *>(object.value.u.p);
  EXPECT_STREQ(wick_class_name(wick_object_class(sequence)), "__torch__.graph.Node");
  EXPECT_EQ(wick_sequence_count(sequence), 5);
  EXPECT_EQ(wick_sequence_items(sequence)[0].tag, WICK_NONE);
  EXPECT_STREQ(wick_member_name(static_cast<wick_member *>(member.value.u.p)), "METRE");
}

TEST_F(ClassesTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(failure("turn", {intValue(1)}), "turn(): argument 'node' must be Node, not int");
  Held held(makeNode(node, "RED"));
  EXPECT_EQ(failure("turn", {held.value, intValue(1)}), "turn(): argument 'color' must be Color, not int");
  EXPECT_EQ(failure("turn", {held.value, memberValue(wick_class_member(unit, 1))}),
            "turn(): argument 'color' must be Color, not Unit");
  Held list(wick_value{WICK_LIST_VALUE, 0, {}});
  list.value.u.p = wick_sequence_new(5);
  EXPECT_EQ(failure("turn", {list.value}), "turn(): argument 'node' must be Node, not list");
  wick_value anonymous = list.value; // no object, for it has no class
  anonymous.tag = WICK_OBJECT_VALUE;
  EXPECT_EQ(failure("turn", {anonymous}), "turn(): argument 'node' must be Node, not object");
  Held empty(objectValue(wick_object_new(node)));
  EXPECT_EQ(failure("turn", {empty.value}).substr(0, 41), "turn(): argument 'node', attribute 'turns");
  Held other(objectValue(wick_object_new(wick_module_class(module.get(), 3))));
  EXPECT_EQ(failure("turn", {other.value}), "turn(): argument 'node' must be Node, not Opaque");
}

TEST_F(ClassesTest, RefusesNumbersOfNoClass) {
  for (auto [cls, member] : {std::pair(4, -1), std::pair(-1, -1), std::pair(0, 0), std::pair(1, 2), std::pair(9, 0)})
    EXPECT_EQ(call("make", {intValue(cls), intValue(member)}), WICK_ERROR_UNSUPPORTED) << cls << " " << member;
  EXPECT_EQ(call("make", {intValue(1), intValue(2)}), WICK_ERROR_UNSUPPORTED);
  EXPECT_EQ(error.text(), "class '__torch__.graph.Color' has no member 2");
}

TEST(ClassesManifestTest, RefusesDamage) {
  auto replaced = [](std::string_view from, std::string_view to) {
    Parts parts = Parts::valid();
    parts.replace("manifest.json", from, to);
    std::string message;
    EXPECT_FALSE(load(parts.zip(), &message));
    return message;
  };
  EXPECT_EQ(replaced("{\"name\": \"__torch__.graph.Unit\"", "{\"name\": \"__torch__.graph.Node\""),
            "damaged artifact: class 2: there are two of that name");
  EXPECT_EQ(replaced("{\"name\": \"__torch__.graph.Node\"", "{\"exit\": 99, \"name\": \"__torch__.graph.Node\""),
            "damaged artifact: class '__torch__.graph.Node': its exit is out of range");
  EXPECT_EQ(replaced("{\"name\": \"node\", \"type\": {\"kind\": \"Object\"",
                     "{\"name\": \"node\", \"type\": {\"kind\": \"Enum\""),
            "damaged artifact: method 'turn', argument 0: its class is not among the classes");
  EXPECT_EQ(replaced("{\"name\": \"__torch__.graph.Color\"", "{\"name\": \"__torch__.graph.Colour\""),
            "damaged artifact: class 0, attribute 2: its class is not among the classes");
  EXPECT_EQ(replaced("{\"name\": \"RED\", \"type\": {\"kind\": \"int\"}",
                     "{\"name\": \"BLUE\", \"type\": {\"kind\": \"int\"}"),
            "damaged artifact: class 1, member 1: there are two of that name");
  EXPECT_EQ(replaced("{\"kind\": \"str\"}, \"value\": \"m\"", "{\"kind\": \"str\"}, \"value\": 7"),
            "damaged artifact: class 2, member 0: the default does not fit the type");
  EXPECT_EQ(replaced("{\"kind\": \"str\"}, \"value\": \"m\"", "{\"kind\": \"bool\"}, \"value\": true"),
            "damaged artifact: class 2, member 0: the value is no int, float or string");
  EXPECT_EQ(replaced("\"dims\": [\"?\"]}]}},\n      {\"name\": \"others\"",
                     "\"dims\": [\"N\"]}]}},\n      {\"name\": \"others\""),
            "damaged artifact: class 0: a type has a dim with a name");
  EXPECT_EQ(replaced("\"attributes\": [{\"name\": \"thing\"}]", "\"attributes\": {}"),
            "damaged artifact: class 3: 'attributes' is not an array");
  EXPECT_EQ(replaced("{\"enum\": \"RED\"}", "{\"enum\": \"GREEN\"}"),
            "damaged artifact: method 'turn', argument 1: the default does not fit the type");
}

} // namespace
