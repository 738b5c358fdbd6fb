//===- TSContainerOps.td - tuples, lists, dicts ----------------*- tablegen -*-===//
//
// Construction and unpacking, which are special nodes in an archive. Methods of
// lists, dicts and strings are operators of the registry and stay `ts.operator`.
//
//===----------------------------------------------------------------------===//
#ifndef WICK_DIALECT_TS_IR_TSCONTAINEROPS
#define WICK_DIALECT_TS_IR_TSCONTAINEROPS

include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "wick/Dialect/TS/IR/TSTypes.td"

def TS_TupleConstructOp : TS_Op<"tuple_construct", [Pure]> {
  let summary = "Tuple of values";
  let description = [{
    ```mlir
    %t = ts.tuple_construct %a, %b : (i64, f64) -> !ts.tuple<i64, f64>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$elements);
  let results = (outs TS_AnyTuple:$result);
  let assemblyFormat = "$elements attr-dict `:` functional-type($elements, $result)";
}

def TS_TupleUnpackOp : TS_Op<"tuple_unpack", [Pure]> {
  let summary = "Elements of a tuple";
  let description = [{
    ```mlir
    %a, %b = ts.tuple_unpack %t : !ts.tuple<i64, f64> -> i64, f64
    ```
  }];
  let arguments = (ins TS_AnyTuple:$tuple);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = "$tuple attr-dict `:` qualified(type($tuple)) (`->` qualified(type($results))^)?";
  let hasFolder = 1;
}

def TS_TupleIndexOp : TS_Op<"tuple_index", [Pure]> {
  let summary = "Element of a tuple";
  let description = [{
    The index counts from the front and is in range.

    ```mlir
    %a = ts.tuple_index %t[0] : !ts.tuple<i64, f64> -> i64
    ```
  }];
  let arguments = (ins TS_AnyTuple:$tuple, I64Attr:$index);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$tuple `[` $index `]` attr-dict `:` qualified(type($tuple)) `->` qualified(type($result))";
  let hasFolder = 1;
}

def TS_ListConstructOp : TS_Op<"list_construct", [MemoryEffectsOpInterface]> {
  let summary = "New list";
  let description = [{
    ```mlir
    %l = ts.list_construct %a, %b : (i64, i64) -> !ts.list<i64>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$elements);
  let results = (outs Res<TS_ListType, "", [MemAlloc]>:$result);
  let assemblyFormat = "$elements attr-dict `:` functional-type($elements, $result)";
}

def TS_ListUnpackOp : TS_Op<"list_unpack", [MemoryEffects<[MemRead]>]> {
  let summary = "Elements of a list that must have as many";
  let description = [{
    Raises `Expected n elements in a list but found m` otherwise.

    ```mlir
    %a, %b = ts.list_unpack %l : !ts.list<i64> -> i64, i64
    ```
  }];
  let arguments = (ins TS_AnyList:$list);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = "$list attr-dict `:` qualified(type($list)) (`->` qualified(type($results))^)?";
}

def TS_DictConstructOp : TS_Op<"dict_construct", [SameVariadicOperandSize, MemoryEffectsOpInterface]> {
  let summary = "New dict; a later duplicate key overwrites";
  let description = [{
    ```mlir
    %d = ts.dict_construct (%k) to (%v) : (!ts.str) (i64) -> !ts.dict<!ts.str, i64>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$keys, Variadic<AnyType>:$values);
  let results = (outs Res<TS_DictType, "", [MemAlloc]>:$result);
  let assemblyFormat = [{
    `(` $keys `)` `to` `(` $values `)` attr-dict `:` (`(` qualified(type($keys))^ `)` `(` qualified(type($values)) `)`)?
    `->` qualified(type($result))
  }];
}

def TS_LiteralOp : TS_Op<"literal", [Pure]> {
  let summary = "A container that nothing changes";
  let description = [{
    Loading a module makes it, once for all sessions and calls. What the value is made of: `{list = [...]}`,
    `{tuple = [...]}` or `{dict = [key, value, ...]}` of i64, f64 and i1 numbers, strings, `unit` for None, and
    containers.

    ```mlir
    %vocabulary = ts.literal {dict = ["a", 0, "b", 1]} : !ts.dict<!ts.str, i64>
    ```
  }];
  let arguments = (ins DictionaryAttr:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
}

#endif // WICK_DIALECT_TS_IR_TSCONTAINEROPS
