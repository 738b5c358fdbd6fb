"""Random expressions of a wanted type.

Values stay small and, as far as it goes, exactly representable: what LibTorch and Wick may round differently must not
decide which way a program goes. Strings and lists do not grow without bound, and nothing divides an integer by zero,
for that ends LibTorch's process.
"""

from kinds import DTYPES, Dict, List, Optional, Tensor, Tuple, annotation

INTS = ["0", "1", "2", "3", "-1", "-2", "5", "7"]
FLOATS = ["0.0", "1.0", "0.5", "-0.5", "1.5", "2.0", "-2.0", "0.25"]
STRINGS = ['""', '"a"', '"b"', '"ab"', '"Wick"', '"x y"', '"a,b,c"', '"12"']
SHAPES = [(), (3,), (4,), (2,), (2, 3), (3, 2), (3, 4), (2, 2), (2, 3, 2), (1, 3)]


def broadcasts(shape, rng):
    """A shape that broadcasts to `shape`."""
    shape = tuple(1 if rng.random() < 0.15 else size for size in shape)
    return shape[rng.randrange(len(shape) + 1) :] if rng.random() < 0.4 else shape


def sizes(shape):
    return f"[{', '.join(map(str, shape))}]"


class Expressions:
    """Needs `rng`, `variables(test)` with the names in scope, and `functions` that can be called."""

    def expression(self, kind, depth=2):
        """Text of type `kind`; as an operand it needs no parentheses."""
        if depth > 0 and self.rng.random() < 0.75:
            makers = self.makers(kind)
            for _ in range(3):
                text = self.rng.choice(makers)(kind, depth - 1)
                if text:
                    return text
        return self.leaf(kind)

    def makers(self, kind):
        family = kind if isinstance(kind, str) else type(kind).__name__.lower()
        prefix = f"make_{family}_"
        found = self._makers.get(prefix)
        if found is None:
            names = [name for name in dir(self) if name.startswith(prefix)]
            found = self._makers[prefix] = [getattr(self, name) for name in names]
            found += [self.choice, self.call, self.held]
        return found

    def name_of(self, kind):
        """A variable of this type, newer ones more likely."""
        names = self.variables(lambda other: other == kind)
        return names[max(self.rng.randrange(len(names)), self.rng.randrange(len(names)))] if names else None

    def leaf(self, kind):
        name = self.name_of(kind) if self.rng.random() < 0.75 else None
        if kind == "bool" and not name:  # a constant would make dead code
            maker = self.rng.choice(
                [self.make_bool_tensor, self.make_bool_size, self.make_bool_in, self.make_bool_element]
            )
            name = maker(kind, 0) if self.rng.random() < 0.8 else None
        return name or self.constant(kind)

    def constant(self, kind):
        pick = self.rng.choice
        if isinstance(kind, Tensor):
            return self.make_tensor_new(kind, 0)
        if isinstance(kind, List):
            count = self.rng.choice([0, 1, 2, 3])
            if not count:
                return f"torch.jit.annotate({annotation(kind)}, [])"
            return f"[{', '.join(self.leaf(kind.element) for _ in range(count))}]"
        if isinstance(kind, Dict):
            keys = self.rng.sample(self.keys(kind.key), self.rng.choice([0, 1, 2, 3]))
            if not keys:
                return f"torch.jit.annotate({annotation(kind)}, {{}})"
            return f"{{{', '.join(f'{key}: {self.leaf(kind.value)}' for key in keys)}}}"
        if isinstance(kind, Tuple):
            return f"({', '.join(self.leaf(element) for element in kind.elements)},)"
        if isinstance(kind, Optional):
            return f"torch.jit.annotate({annotation(kind)}, {pick(['None', self.leaf(kind.of)])})"
        return {
            "int": lambda: pick(INTS),
            "float": lambda: pick(FLOATS),
            "bool": lambda: pick(["True", "False"]),
            "str": lambda: pick(STRINGS),
        }[kind]()

    def keys(self, kind):
        return {"str": ['"a"', '"b"', '"c"', '"Wick"'], "int": ["0", "1", "2", "-3"]}[kind]

    # --- of any type ---

    def choice(self, kind, depth):
        condition, a, b = self.expression("bool", depth), self.expression(kind, depth), self.expression(kind, depth)
        return f"({a} if {condition} else {b})"

    def call(self, kind, depth):
        fitting = [function for function in self.functions if function.result == kind]
        if not fitting:
            return None
        function = self.rng.choice(fitting)
        return f"{function.name}({', '.join(self.expression(k, min(depth, 1)) for k in function.parameters)})"

    def held(self, kind, depth):
        """What a container in scope holds."""
        holders = self.variables(
            lambda other: (
                (isinstance(other, List) and other.element == kind)
                or (isinstance(other, Dict) and other.value == kind)
                or (isinstance(other, Tuple) and kind in other.elements)
            )
        )
        if not holders:
            return None
        name = self.rng.choice(holders)
        holder = self.kind_of(name)
        if isinstance(holder, Tuple):
            return f"{name}[{holder.elements.index(kind)}]"
        if isinstance(holder, Dict):
            key = self.leaf(holder.key)
            return f"({name}[{key}] if {key} in {name} else {self.leaf(kind)})"
        index = self.rng.choice(["0", "-1", "1", f"{self.leaf('int')}"])
        if self.rng.random() < 0.1:
            return f"{name}[{index}]"  # which may raise
        if index in ("0", "-1"):
            return f"({name}[{index}] if len({name}) > 0 else {self.leaf(kind)})"
        return f"({name}[{index} % max(len({name}), 1)] if len({name}) > 0 else {self.leaf(kind)})"

    # --- scalars ---

    def make_int_arithmetic(self, _, depth):
        return f"({self.expression('int', depth)} {self.rng.choice('+-*')} {self.expression('int', depth)})"

    def make_int_division(self, _, depth):
        operator, divisor = self.rng.choice(["//", "%"]), self.rng.choice(["2", "3", "-3", "5", "7"])
        return f"({self.expression('int', depth)} {operator} {divisor})"

    def make_int_bits(self, _, depth):
        return f"({self.expression('int', depth)} {self.rng.choice('&|^')} {self.expression('int', depth)})"

    def make_int_function(self, _, depth):
        a, b = self.expression("int", depth), self.expression("int", depth)
        return self.rng.choice([f"min({a}, {b})", f"max({a}, {b})", f"abs({a})", f"(-{a})"])

    def make_int_convert(self, _, depth):
        kind = self.rng.choice(["float", "bool"])
        return f"int({self.expression(kind, depth)})"

    def make_int_length(self, _, depth):
        names = self.variables(lambda kind: isinstance(kind, (List, Dict)) or kind == "str")
        return f"len({self.rng.choice(names)})" if names else None

    def make_int_size(self, _, depth):
        names = self.variables(lambda kind: isinstance(kind, Tensor) and kind.shape)
        if not names:
            return None
        name = self.rng.choice(names)
        rank = len(self.kind_of(name).shape)
        return self.rng.choice([f"{name}.size({self.rng.randrange(-rank, rank)})", f"{name}.numel()", f"{name}.dim()"])

    def make_int_element(self, _, depth):
        return self.element("i64", "int")

    def make_int_search(self, _, depth):
        names = self.variables(lambda kind: kind in (List("int"), List("str"), List("float")))
        if not names:
            return None
        name = self.rng.choice(names)
        item = self.leaf(self.kind_of(name).element)
        return self.rng.choice([f"{name}.count({item})", f"({name}.index({item}) if {item} in {name} else -1)"])

    def make_int_text(self, _, depth):
        s = self.expression("str", depth)
        return self.rng.choice(
            [f"{s}.find({self.leaf('str')})", f"len({s})", f'int("1" + str(abs({self.leaf("int")}) % 10))']
        )

    def make_int_sum(self, _, depth):
        name = self.name_of(List("int"))
        return name and self.rng.choice([f"sum({name})", f"(max({name}) if len({name}) > 0 else 0)"])

    def element(self, dtype, function):
        """A scalar of a tensor in scope."""
        names = self.variables(lambda kind: isinstance(kind, Tensor) and kind.dtype == dtype)
        if not names:
            return None
        name = self.rng.choice(names)
        shape = self.kind_of(name).shape
        if not shape:
            return f"{function}({name})"
        form = self.rng.random()
        if form < 0.4:
            reduce = {"f32": "sum", "i64": "sum", "bool": "any", "f64": "amax"}[dtype]
            return f"{function}({name}.{reduce}())"
        index = ", ".join(str(self.rng.randrange(size)) if isinstance(size, int) else "-1" for size in shape)
        return f"{function}({name}[{index}])" if form < 0.8 else f"{function}({name}[{index}].item())"

    def make_float_arithmetic(self, _, depth):
        return f"({self.expression('float', depth)} {self.rng.choice('+-*')} {self.expression('float', depth)})"

    def make_float_division(self, _, depth):
        dividend, divisor = self.rng.choice(["int", "float"]), self.rng.choice(["2", "4.0", "-2.0", "0.5"])
        return f"({self.expression(dividend, depth)} / {divisor})"

    def make_float_mixed(self, _, depth):
        return f"({self.expression('int', depth)} {self.rng.choice('+-*')} {self.expression('float', depth)})"

    def make_float_convert(self, _, depth):
        return f"float({self.expression(self.rng.choice(['int', 'bool']), depth)})"

    def make_float_function(self, _, depth):
        a = self.expression("float", depth)
        return self.rng.choice(
            [
                f"abs({a})",
                f"min({a}, {self.leaf('float')})",
                f"max({a}, {self.leaf('float')})",
                f"round({a})",
                f"(-{a})",
            ]
            + [f"float(math.floor(max(min({a}, 1e6), -1e6)))", f"math.sqrt(abs(round({a})))"]
        )

    def make_float_element(self, _, depth):
        return self.element("f32", "float")

    def make_float_sum(self, _, depth):
        name = self.name_of(List("float"))
        return name and self.rng.choice([f"sum({name})", f"(min({name}) if len({name}) > 0 else 0.5)"])

    def make_bool_compare(self, _, depth):
        kind = self.rng.choice(["int", "int", "float"])
        operator = self.rng.choice(["<", ">", "<=", ">=", "==", "!="])
        return f"({self.expression(kind, depth)} {operator} {self.expression(kind, depth)})"

    def make_bool_size(self, _, depth):
        name = self.name_of("int")
        return name and f"({name} {self.rng.choice(['<', '>', '==', '!='])} {self.rng.choice(INTS)})"

    def make_bool_chain(self, _, depth):
        a, b, c = (self.expression("int", depth) for _ in range(3))
        return f"({a} < {b} <= {c})"

    def make_bool_equal(self, _, depth):
        kind = self.rng.choice(["str", List("int"), List("str"), "bool"])
        return f"({self.expression(kind, depth)} {self.rng.choice(['==', '!='])} {self.expression(kind, depth)})"

    def make_bool_logic(self, _, depth):
        a, b = self.expression("bool", depth), self.expression("bool", depth)
        return self.rng.choice([f"({a} and {b})", f"({a} or {b})", f"(not {a})"])

    def make_bool_in(self, _, depth):
        names = self.variables(
            lambda kind: (isinstance(kind, List) and kind.element in ("int", "str", "float")) or isinstance(kind, Dict)
        )
        if not names:
            return None
        name = self.rng.choice(names)
        kind = self.kind_of(name)
        item = self.leaf(kind.key if isinstance(kind, Dict) else kind.element)
        return f"({item} {self.rng.choice(['in', 'not in'])} {name})"

    def make_bool_none(self, _, depth):
        names = self.variables(lambda kind: isinstance(kind, Optional))
        return f"({self.rng.choice(names)} {self.rng.choice(['is', 'is not'])} None)" if names else None

    def make_bool_element(self, _, depth):
        return self.element("bool", "bool")

    def make_bool_tensor(self, _, depth):
        names = self.variables(lambda kind: isinstance(kind, Tensor) and kind.dtype in ("f32", "i64"))
        if not names:
            return None
        compared = f"({self.rng.choice(names)} {self.rng.choice(['>', '<', '=='])} {self.leaf('int')})"
        return f"bool({compared}.{self.rng.choice(['any', 'all'])}())"

    def make_bool_text(self, _, depth):
        s, t = self.expression("str", depth), self.leaf("str")
        return self.rng.choice(
            [f"{s}.startswith({t})", f"{s}.isdigit()", f"({s} < {t})", f"({t} in {s})", f"{s}.endswith({t})"]
        )

    def make_str_join(self, _, depth):
        return f"({self.expression('str', depth)} + {self.expression('str', depth)})[:12]"

    def make_str_convert(self, _, depth):
        return f"str({self.expression(self.rng.choice(['int', 'bool', 'float', 'int', List('int')]), depth)})[:12]"

    def make_str_format(self, _, depth):
        kinds = [self.rng.choice(["int", "str", "bool"]) for _ in range(self.rng.choice([1, 2]))]
        names = [self.leaf(kind).replace('"', "'") for kind in kinds]
        return self.rng.choice(
            ['f"' + "-".join(f"{{{name}}}" for name in names) + '"[:12]']
            + ['"' + " ".join("{}" for _ in names) + f'".format({", ".join(names)})[:12]']
        )

    def make_str_method(self, _, depth):
        s = self.expression("str", depth)
        names = ["upper", "lower", "strip", "capitalize", "swapcase", "title"]
        return self.rng.choice([f"{s}.{self.rng.choice(names)}()", f'{s}.replace("a", {self.leaf("str")})[:12]'])

    def make_str_slice(self, _, depth):
        return f"{self.expression('str', depth)}[{self.rng.choice(['1:', ':2', '::2', '-1:', '::-1', '1:3'])}]"

    def make_str_list(self, _, depth):
        return f"{self.rng.choice(STRINGS[:3])}.join({self.expression(List('str'), depth)})[:12]"

    # --- containers ---

    def make_list_literal(self, kind, depth):
        return f"[{', '.join(self.expression(kind.element, depth) for _ in range(self.rng.choice([1, 2, 3])))}]"

    def make_list_copy(self, kind, depth):
        source = self.expression(kind, depth)
        return self.rng.choice(
            [f"{source}[:]", f"list({source})", f"{source}[1:]", f"{source}[::2]", f"{source}.copy()"]
        )

    def make_list_join(self, kind, depth):
        return f"({self.expression(kind, depth)} + {self.expression(kind, depth)})[:9]"

    def make_list_repeat(self, kind, depth):
        return f"([{self.leaf(kind.element)}] * ({self.expression('int', depth)} % 4))"

    def make_list_comprehension(self, kind, depth):
        source = self.rng.choice([List("int"), List("str"), kind])
        name = self.fresh()
        text = self.expression(source, 0)
        with self.scope():
            self.declare(name, source.element)
            return f"[{self.expression(kind.element, depth)} for {name} in {text}]"

    def make_list_range(self, kind, depth):
        if kind != List("int"):
            return None
        return f"[i * {self.leaf('int')} for i in range({self.expression('int', depth)} % 5)]"

    def make_list_sorted(self, kind, depth):
        return f"sorted({self.expression(kind, depth)})" if kind.element in ("int", "float", "str") else None

    def make_list_dict(self, kind, depth):
        keys = self.variables(lambda other: isinstance(other, Dict) and other.key == kind.element)
        values = self.variables(lambda other: isinstance(other, Dict) and other.value == kind.element)
        forms = [f"list({name}.keys())" for name in keys] + [f"list({name}.values())" for name in values]
        return self.rng.choice(forms) if forms else None

    def make_list_parts(self, kind, depth):
        if kind == List("str"):
            return f'{self.expression("str", depth)}.split(",")'
        if not isinstance(kind.element, Tensor):
            return None
        wanted = kind.element
        names = self.variables(
            lambda other: isinstance(other, Tensor) and other.dtype == wanted.dtype and other.shape[1:] == wanted.shape
        )
        names = [name for name in names if self.kind_of(name).shape]
        if names and self.rng.random() < 0.5:
            return f"list({self.rng.choice(names)}.unbind(0))"
        if not wanted.shape or not wanted.fixed:
            return None
        source = Tensor(wanted.dtype, (wanted.shape[0] * 2, *wanted.shape[1:]))
        return self.rng.choice(
            [f"list({self.expression(source, depth)}.split({wanted.shape[0]}))", f"list({self.leaf(source)}.chunk(2))"]
        )

    def make_dict_literal(self, kind, depth):
        keys = self.rng.sample(self.keys(kind.key), self.rng.choice([1, 2, 3]))
        return f"{{{', '.join(f'{key}: {self.expression(kind.value, depth)}' for key in keys)}}}"

    def make_dict_copy(self, kind, depth):
        return f"{self.expression(kind, depth)}.copy()"

    def make_dict_comprehension(self, kind, depth):
        source = self.expression(List(kind.key), depth)
        name = self.fresh()
        with self.scope():
            self.declare(name, kind.key)
            return f"{{{name}: {self.expression(kind.value, depth)} for {name} in {source}}}"

    def make_tuple_literal(self, kind, depth):
        return f"({', '.join(self.expression(element, depth) for element in kind.elements)},)"

    def make_optional_get(self, kind, depth):
        names = self.variables(lambda other: isinstance(other, Dict) and other.value == kind.of)
        if not names:
            return None
        name = self.rng.choice(names)
        return f"{name}.get({self.leaf(self.kind_of(name).key)})"

    def make_optional_value(self, kind, depth):
        return f"torch.jit.annotate({annotation(kind)}, {self.expression(kind.of, depth)})"

    # --- tensors ---

    def number(self, dtype):
        """A scalar that does not change the dtype."""
        if dtype == "bool":
            return self.leaf("bool")
        form = self.rng.random()
        if form < 0.6 or dtype == "i64":
            return self.rng.choice(INTS) if form < 0.5 else self.clamped("int")
        return self.rng.choice(FLOATS) if form < 0.85 else self.clamped("float")

    def clamped(self, kind):
        name = self.name_of(kind)
        bound = "9" if kind == "int" else "9.0"
        return f"max(min({name}, {bound}), -{bound})" if name else self.constant(kind)

    def make_tensor_new(self, kind, depth):
        dtype, shape = DTYPES[kind.dtype], kind.shape
        count = 1
        for size in shape:
            count = count * size if isinstance(size, int) else 0
        forms = [f"torch.zeros({sizes(shape)}, dtype={dtype})", f"torch.ones({sizes(shape)}, dtype={dtype})"]
        value = {"bool": "True", "i64": self.rng.choice(INTS)}.get(kind.dtype, self.rng.choice(FLOATS))
        forms.append(f"torch.full({sizes(shape)}, {value}, dtype={dtype})")
        if kind.dtype == "f32":
            forms = [form.replace(f", dtype={dtype}", "") for form in forms]
        if count and kind.dtype != "bool":
            forms.append(f"torch.arange({count}, dtype={dtype}).reshape({sizes(shape)})")
        if len(shape) == 1 and count:
            scalar = {"bool": "bool", "i64": "int"}.get(kind.dtype, "float")
            suffix = f", dtype={dtype}" if kind.dtype == "f64" else ""
            forms.append(f"torch.tensor([{', '.join(self.leaf(scalar) for _ in range(count))}]{suffix})")
        return self.rng.choice(forms)

    def make_tensor_binary(self, kind, depth):
        a, b = (
            self.expression(kind, depth),
            self.expression(Tensor(kind.dtype, broadcasts(kind.shape, self.rng)), depth),
        )
        if self.rng.random() < 0.5:
            a, b = (a, b) if self.rng.random() < 0.5 else (b, a)
        if kind.dtype == "bool":
            return f"({a} {self.rng.choice('&|^')} {b})"
        form = self.rng.choice(
            ["({} + {})", "({} - {})", "({} * {}).clamp(-64, 64)", "torch.maximum({}, {})", "torch.min({}, {})"]
        )
        return form.format(a, b)

    def make_tensor_scalar(self, kind, depth):
        if kind.dtype == "bool":
            return None
        a, number = self.expression(kind, depth), self.number(kind.dtype)
        return self.rng.choice(
            [f"({a} + {number})", f"({a} - {number})", f"({a} * {number}).clamp(-64, 64)", f"({number} - {a})"]
        )

    def make_tensor_unary(self, kind, depth):
        a = self.expression(kind, depth)
        if kind.dtype == "bool":
            return self.rng.choice([f"(~{a})", f"{a}.logical_not()", f"{a}.clone()"])
        forms = [f"(-{a})", f"{a}.abs()", f"{a}.clamp(-4, 4)", f"{a}.clone()", f"torch.relu({a})", f"{a}.contiguous()"]
        if kind.dtype != "i64":
            forms += [f"{a}.round()", f"torch.floor({a})", f"torch.sign({a})"]
        return self.rng.choice(forms)

    def make_tensor_compare(self, kind, depth):
        if kind.dtype != "bool":
            return None
        operand = Tensor(self.rng.choice(["f32", "i64"]), kind.shape)
        other = self.expression(operand, depth) if self.rng.random() < 0.5 else self.number(operand.dtype)
        return f"({self.expression(operand, depth)} {self.rng.choice(['<', '>', '<=', '==', '!='])} {other})"

    def make_tensor_cast(self, kind, depth):
        source = Tensor(self.rng.choice([dtype for dtype in DTYPES if dtype != kind.dtype]), kind.shape)
        a = self.expression(source, depth)
        if kind.dtype == "i64" and source.dtype != "bool":
            a = f"{a}.clamp(-99, 99)"
        return f"{a}.to({DTYPES[kind.dtype]})"

    def make_tensor_where(self, kind, depth):
        condition = self.expression(Tensor("bool", broadcasts(kind.shape, self.rng)), depth)
        return f"torch.where({condition}, {self.expression(kind, depth)}, {self.expression(kind, depth)})"

    def make_tensor_view(self, kind, depth):
        for _ in range(12):
            found = self.some_view(lambda other: other.dtype == kind.dtype)
            if found and found[1].shape == kind.shape:
                return found[0]
        return None

    def make_tensor_reduce(self, kind, depth):
        if not kind.fixed or len(kind.shape) > 2:
            return None
        dim = self.rng.randrange(len(kind.shape) + 1)
        source = self.expression(
            Tensor(kind.dtype, (*kind.shape[:dim], self.rng.choice([2, 3]), *kind.shape[dim:])), depth
        )
        if kind.dtype == "bool":
            return f"{source}.{self.rng.choice(['any', 'all'])}({dim})"
        return self.rng.choice(
            [f"{source}.sum({dim})", f"{source}.amax({dim})", f"{source}.max({dim})[0]", f"torch.amin({source}, {dim})"]
        )

    def make_tensor_index(self, kind, depth):
        if kind.dtype != "i64" or not kind.fixed or len(kind.shape) > 2:
            return None
        dim = self.rng.randrange(len(kind.shape) + 1)
        source = Tensor("f32", (*kind.shape[:dim], 3, *kind.shape[dim:]))
        return f"{self.expression(source, depth)}.{self.rng.choice(['argmax', 'argmin'])}({dim})"

    def make_tensor_join(self, kind, depth):
        if not kind.shape or not isinstance(kind.shape[0], int) or kind.shape[0] < 2:
            return None
        first, rest = kind.shape[0], kind.shape[1:]
        if first <= 3 and self.rng.random() < 0.5:
            return f"torch.stack([{', '.join(self.expression(Tensor(kind.dtype, rest), depth) for _ in range(first))}])"
        a, b = (
            self.expression(Tensor(kind.dtype, (1, *rest)), depth),
            self.expression(Tensor(kind.dtype, (first - 1, *rest)), depth),
        )
        return f"torch.cat([{a}, {b}])"

    def make_tensor_product(self, kind, depth):
        if kind.dtype != "f32" or len(kind.shape) != 2 or not kind.fixed:
            return None
        inner = self.rng.choice([2, 3])
        a, b = Tensor("f32", (kind.shape[0], inner)), Tensor("f32", (inner, kind.shape[1]))
        return f"({self.expression(a, depth)} @ {self.expression(b, depth)}).clamp(-64, 64)"

    def make_tensor_filled(self, kind, depth):
        mask = self.expression(Tensor("bool", kind.shape), depth)
        return f"{self.expression(kind, depth)}.masked_fill({mask}, {self.number(kind.dtype)})"

    def make_tensor_gather(self, kind, depth):
        if len(kind.shape) not in (1, 2) or not kind.fixed:
            return None
        source = self.expression(Tensor(kind.dtype, (3, *kind.shape[1:])), depth)
        index = self.expression(Tensor("i64", (kind.shape[0],)), depth)
        return (
            f"{source}[{index} % 3]" if self.rng.random() < 0.5 else f"{source}.index_select(0, {index}.remainder(3))"
        )

    def make_tensor_scan(self, kind, depth):
        if not kind.shape or kind.dtype == "bool":
            return None
        dim = self.rng.randrange(len(kind.shape))
        a = self.expression(kind, depth)
        return self.rng.choice(
            [
                f"{a}.cumsum({dim}).clamp(-64, 64)",
                f"{a}.flip([{dim}])",
                f"torch.sort({a}, {dim})[0]",
                f"{a}.roll(1, {dim})",
            ]
        )

    def make_tensor_scalars(self, kind, depth):
        """A tensor of no dimensions from a number."""
        if kind.shape or kind.dtype == "f64":
            return None
        return f"torch.tensor({self.leaf({'bool': 'bool', 'i64': 'int', 'f32': 'float'}[kind.dtype])})"

    # --- views ---

    def some_view(self, test, steps=None):
        """Text and type of a view of a tensor in scope, which may be the tensor itself."""
        names = self.variables(lambda kind: isinstance(kind, Tensor) and test(kind))
        if not names:
            return None
        name = self.rng.choice(names)
        text, kind = name, self.kind_of(name)
        for _ in range(self.rng.choice([0, 1, 1, 1, 2, 2]) if steps is None else steps):
            text, shape = self.view_step(text, kind.shape)
            kind = Tensor(kind.dtype, shape)
        return text, kind

    def view_step(self, text, shape):
        rank = len(shape)
        if not rank:
            return (f"{text}.unsqueeze(0)", (1,)) if self.rng.random() < 0.5 else (f"{text}.view(1)", (1,))
        dim = self.rng.randrange(rank)
        size = shape[dim]
        before, after = shape[:dim], shape[dim + 1 :]
        lead = ":, " * dim
        pick = self.rng.choice(
            ["select", "select", "slice", "slice", "transpose", "unsqueeze", "flat", "expand", "part", "ellipsis"]
        )
        if pick == "select":
            index = self.index(size)
            return self.rng.choice([f"{text}[{lead}{index}]", f"{text}.select({dim}, {index})"]), (*before, *after)
        if pick == "ellipsis":
            return f"{text}[..., {self.index(shape[-1])}]", shape[:-1]
        if pick == "slice" and isinstance(size, int) and size > 1:
            start = self.rng.randrange(size)
            stop = self.rng.randrange(start + 1, size + 1)
            step = self.rng.choice([1, 1, 2])
            count = (stop - start + step - 1) // step
            bounds = f"{start or ''}:{stop if stop < size else ''}" + (f":{step}" if step > 1 else "")
            if step == 1 and self.rng.random() < 0.3:
                return f"{text}.narrow({dim}, {start}, {count})", (*before, count, *after)
            return f"{text}[{lead}{bounds}]", (*before, count, *after)
        if pick == "transpose" and rank > 1:
            other = self.rng.randrange(rank)
            turned = list(shape)
            turned[dim], turned[other] = turned[other], turned[dim]
            if rank == 2 and dim != other:
                return f"{text}.t()", tuple(turned)
            return f"{text}.transpose({dim}, {other})", tuple(turned)
        if pick == "unsqueeze" and rank < 3:
            return self.rng.choice([f"{text}.unsqueeze({dim})", f"{text}[{lead}None]"]), (*before, 1, size, *after)
        if pick == "flat" and all(isinstance(s, int) for s in shape):
            count = 1
            for s in shape:
                count *= s
            return self.rng.choice([f"{text}.reshape(-1)", f"{text}.flatten()"]), (count,)
        if pick == "expand" and size == 1:
            sizes_ = ", ".join("3" if at == dim else "-1" for at in range(rank))
            return f"{text}.expand({sizes_})", (*before, 3, *after)
        if pick == "part" and isinstance(size, int) and size % 2 == 0:
            return f"{text}.chunk(2, {dim})[{self.rng.choice([0, 1])}]", (*before, size // 2, *after)
        return f"{text}.detach()", shape

    def index(self, size):
        name = self.name_of("int") if self.rng.random() < 0.35 else None
        if name and isinstance(size, int):
            return f"{name} % {size}"
        return str(self.rng.randrange(-size, size)) if isinstance(size, int) else self.rng.choice(["0", "-1", "1"])
