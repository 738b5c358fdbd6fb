// What others store in an attribute's dict, by key, is known where it is read, and asked of what is found there.
// RUN: wick-opt %s --ts-infer-types='inputs=@M(records=[{str: "x"=?x3xf32, "n"=i64, *=5x3xf32}])' | FileCheck %s

ts.schema @"aten::__getitem__.t" "aten::__getitem__.t" arguments ["list", "idx"] writes [] aliases []
ts.schema @"aten::__getitem__.Dict_str" "aten::__getitem__.Dict_str" arguments ["self", "key"] writes [] aliases []
ts.schema @"aten::_set_item.str" "aten::_set_item.str" arguments ["l", "idx", "v"] writes [0] aliases []

// CHECK: ts.class @M
// CHECK: ts.attr "records"
// CHECK-SAME: ts.records = {{\[\[}}["x", !ts.tensor<[?, 3], f32>], ["n", !ts.tensor<[], i64>], ["y", !ts.tensor<[4], f64>], [unit, !ts.tensor<[5, 3], f32>]]]
ts.class @M "class" {
  ts.attr "records" : !ts.list<!ts.dict<!ts.str, !ts.tensor>>
}

// CHECK-LABEL: func.func @read
// CHECK: %[[FOUND:.*]] = ts.operator @"aten::__getitem__.Dict_str"
// CHECK: %[[FITS:.*]] = ts.has_type %[[FOUND]] : {{.*}}, !ts.tensor<[?, 3], f32>
// CHECK: scf.if %[[FITS]]
// CHECK: ts.refine %[[FOUND]]
// CHECK: "a container holds a tensor for which the model was not compiled"
func.func @read(%m: !ts.object<@M>, %i: i64) -> !ts.tensor {
  %key = ts.str "x"
  %records = ts.get_attr %m["records"] : !ts.object<@M> -> !ts.list<!ts.dict<!ts.str, !ts.tensor>>
  %record = ts.operator @"aten::__getitem__.t"(%records, %i) : (!ts.list<!ts.dict<!ts.str, !ts.tensor>>, i64) -> !ts.dict<!ts.str, !ts.tensor>
  %x = ts.operator @"aten::__getitem__.Dict_str"(%record, %key) : (!ts.dict<!ts.str, !ts.tensor>, !ts.str) -> !ts.tensor
  %y = aten.relu %x : (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}

func.func @write(%m: !ts.object<@M>, %i: i64, %x: !ts.tensor<[4], f64>) {
  %key = ts.str "y"
  %records = ts.get_attr %m["records"] : !ts.object<@M> -> !ts.list<!ts.dict<!ts.str, !ts.tensor>>
  %record = ts.operator @"aten::__getitem__.t"(%records, %i) : (!ts.list<!ts.dict<!ts.str, !ts.tensor>>, i64) -> !ts.dict<!ts.str, !ts.tensor>
  ts.operator @"aten::_set_item.str"(%record, %key, %x) : (!ts.dict<!ts.str, !ts.tensor>, !ts.str, !ts.tensor<[4], f64>) -> ()
  return
}
