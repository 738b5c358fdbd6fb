"""Objects and members of enumerations between Python and compiled programs: identity, references, other processes."""

import enum
import gc
import pickle
import subprocess
import sys
import textwrap
from typing import Any, Dict, List, Optional

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")


class Shade(enum.Enum):
    LIGHT = 1
    DARK = 2


class Account:
    def __init__(self, owner: str, amounts: List[int]):
        self.owner = owner
        self.amounts = amounts
        self.shade = Shade.LIGHT

    def add(self, amount: int):
        self.amounts.append(amount)


class Leaf:
    def __init__(self, weight: torch.Tensor):
        self.weight = weight


class Tree:
    def __init__(self, leaf: Leaf):
        self.left = leaf
        self.right = leaf
        self.named = {"leaf": leaf}


class Model(torch.nn.Module):
    @torch.jit.export
    def pay(self, account: Account, amount: int) -> int:
        account.add(amount)
        account.shade = Shade.DARK
        account.owner += "!"
        return len(account.amounts)

    @torch.jit.export
    def pay_twice(self, first: Account, second: Account) -> bool:
        first.amounts.append(1)
        second.amounts.append(2)
        return first is second

    @torch.jit.export
    def plant(self, x: torch.Tensor) -> Tree:
        return Tree(Leaf(x))

    @torch.jit.export
    def weigh(self, tree: Tree) -> torch.Tensor:
        return tree.left.weight + tree.right.weight * 2 + tree.named["leaf"].weight * 4

    @torch.jit.export
    def anything(self, value: Any) -> str:
        if isinstance(value, Shade):
            return value.name
        elif isinstance(value, Leaf):
            return "leaf " + str(value.weight.size(0))
        return "other"

    @torch.jit.export
    def either(self, shade: Optional[Shade], accounts: Dict[str, Account]) -> int:
        total = 0 if shade is None else shade.value
        for account in accounts.values():
            total += 10 * len(account.amounts)
        return total


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("classes") / "model.pt")
    torch.jit.script(Model()).save(path)
    return path


@pytest.fixture(scope="module")
def model(archive):
    return wick.compile(archive)


def test_plain_objects_are_copied(model):
    account = Account("a", [1])
    assert model.pay(account, 5) == 2
    assert (account.owner, account.amounts, account.shade) == ("a", [1], Shade.LIGHT)
    assert not model.pay_twice(account, account)  # as PyTorch copies each


def test_objects_of_torchscript_are_passed_by_reference(model):
    account = torch.jit.script(Account("a", [1]))
    assert model.pay(account, 5) == 2
    assert (account.owner, account.amounts, account.shade) == ("a!", [1, 5], Shade.DARK)
    assert model.pay(account, 6) == 3
    assert model.pay_twice(account, account)
    assert account.amounts == [1, 5, 6, 1, 2]


def test_one_object_stays_one(model):
    x = torch.ones(3)
    tree = model.plant(x)
    assert type(tree) is Tree and tree.left is tree.right is tree.named["leaf"]
    assert tree.left.weight is x
    torch.testing.assert_close(model.weigh(tree), x * 7)


def test_objects_need_only_their_attributes(model):
    class Other:
        pass

    leaf, tree = Other(), Other()
    tree.left = tree.right = leaf
    tree.named = {"leaf": leaf}
    leaf.weight = torch.ones(2, 2)
    leaf.more = object()
    torch.testing.assert_close(model.weigh(tree), torch.full((2, 2), 7.0))
    del tree.right
    with pytest.raises(TypeError, match="object was missing attribute right"):
        model.weigh(tree)


def test_arguments_in_containers(model):
    accounts = {"a": Account("a", [1, 2]), "b": Account("b", [])}
    assert model.either(Shade.DARK, accounts) == 22
    assert model.either(None, accounts) == 20
    assert model.either(None, {}) == 0


def test_what_any_is(model):
    assert model.anything(Shade.DARK) == "DARK"
    assert model.anything(Leaf(torch.ones(3))) == "leaf 3"
    assert model.anything(torch.jit.script(Leaf(torch.ones(4)))) == "leaf 4"
    assert model.anything(3) == "other"


def test_what_does_not_fit_is_named(archive):
    compiled = wick.compile(archive, signature=["plant:2xf32", "weigh:tree=Tree(left=Leaf(weight=2xf32))"])
    tree = compiled.plant(torch.ones(2))
    torch.testing.assert_close(compiled.weigh(tree), torch.full((2,), 7.0))
    tree.named["leaf"] = Leaf(torch.ones(3))
    with pytest.raises(wick.ArgumentError, match="attribute 'weight' of an object of class Leaf, must be Tensor<f32>"):
        compiled.weigh(tree)
    account = Account("a", [1])
    account.amounts = ["x"]
    with pytest.raises((wick.ArgumentError, TypeError), match="must be int|Expected a value"):
        compiled.pay(account, 1)

    class Wrong(enum.Enum):
        PURPLE = 9

    with pytest.raises(TypeError, match="has no member 'PURPLE'"):
        compiled.either(Wrong.PURPLE, {})
    with pytest.raises(wick.ArgumentError, match=r"Expected a value of type '.*Enum<__torch__.*Shade>"):
        compiled.either(7, {})


def test_circles_of_plain_objects_end(model):
    class Loop:
        pass

    loop = Loop()
    loop.left = loop.right = loop
    loop.named = {}
    loop.weight = torch.ones(1)
    torch.testing.assert_close(
        model.weigh(type("T", (), dict(left=loop, right=loop, named={"leaf": loop}))()), torch.full((1,), 7.0)
    )


def test_a_process_without_the_classes(archive, tmp_path):
    """Results are stand-ins there, which are arguments again and survive pickling; without PyTorch."""
    compiled = wick.compile(archive, signature=["plant:2xf32", "weigh:tree=Tree(left=Leaf(weight=2xf32))"])
    path = tmp_path / "model.wick"
    compiled.save(str(path))
    program = f"""
        import pickle, sys, enum
        import wick
        import numpy as np
        model = wick.load({str(path)!r})
        tree = model.plant(np.ones(2, "f4"))
        assert isinstance(tree, wick.Object) and type(tree).__name__ == "Tree"
        assert tree.left is tree.named["leaf"] and repr(tree.left) == "Leaf(weight=array([1., 1.], dtype=float32))"
        assert tree != model.plant(np.ones(2, "f4"))
        assert model.weigh(tree).tolist() == [7, 7]
        copy = pickle.loads(pickle.dumps(tree))
        assert type(copy) is type(tree) and copy.left is copy.right
        assert model.weigh(copy).tolist() == [7, 7]
        class Shade(enum.Enum):
            DARK = 5
        assert model.either(Shade.DARK, {{}}) == 2  # by its name
        assert "torch" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)


def test_enumerations_of_other_processes():
    from wick import _values

    members = (("LIGHT", 1), ("DARK", 2))
    name = f"__torch__.{__name__}.___torch_mangle_3.Shade"
    assert _values.enum_member(name, "DARK", members) is Shade.DARK
    # One that is another enumeration by now is not taken for it.
    other = _values.enum_member(name, "DARK", (("DARK", 2),))
    assert other is not Shade.DARK and other.name == "DARK" and other.value == 2
    assert _values.enum_member(name, "DARK", (("DARK", 2),)) is other
    assert pickle.loads(pickle.dumps(Shade.DARK)) is Shade.DARK


def test_nothing_leaks(model):
    def count():
        gc.collect()
        return sum(isinstance(each, (Tree, Leaf, Account)) for each in gc.get_objects())

    account = torch.jit.script(Account("a", [1]))
    before = count()
    references = sys.getrefcount(Shade.DARK)
    for _ in range(100):
        model.weigh(model.plant(torch.ones(3)))
        model.pay(account, 1)
        model.either(Shade.DARK, {"a": Account("a", [])})
        with pytest.raises(TypeError):
            model.weigh(Leaf(torch.ones(1)))
    assert count() == before
    assert sys.getrefcount(Shade.DARK) <= references + 5


def test_what_examples_say():
    from wick import _wick

    class Pair:
        def __init__(self, a, b):
            self.a, self.b = a, b

    class Slotted:
        __slots__ = ("a", "unset")
        kind = 3

    def describe(value):
        return _wick.describe((value,))[0]

    x, y = torch.ones(2, 3), torch.ones(4, 3)
    loop, slotted = Pair(1, None), Slotted()
    loop.b, slotted.a = loop, 2.5
    assert describe(Pair(1, [x, y])) == "Pair(a=int, b=[?x3xf32])"
    assert describe([Pair(1, x), Pair(2, y)]) == "[Pair(a=int, b=?x3xf32)]"
    assert describe([Pair(1, None), Pair(1, [])]) == "[Pair(a=int, b=[_])]"
    assert describe([Pair(1, x), Pair(1, torch.ones(2))]) == "[Pair(a=int, b=2x3xf32|2xf32)]"
    assert describe([Pair(1, x), 2]) == "[<>]"
    assert describe([None, x]) == describe([x, None, x]) == "[2x3xf32?]"
    assert describe([[None, 1], [2]]) == "[[int?]]" and describe([(x, None), (None, x)]) == "[(2x3xf32?, 2x3xf32?)]"
    assert describe([[], [x]]) == "[[2x3xf32]]"
    assert describe([(1, x), (2, y)]) == "[(int, ?x3xf32)]"
    assert describe(loop) == "Pair(a=int, b=Pair())"
    assert describe(slotted) == "Slotted(a=float, kind=int)"
    assert describe(torch.jit.script(Leaf(x))) == "Leaf(weight=2x3xf32)"
    assert describe(Shade.DARK) == "Shade()"
