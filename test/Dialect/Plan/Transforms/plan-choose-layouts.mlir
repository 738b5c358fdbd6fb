// RUN: wick-opt %s --plan-choose-layouts --canonicalize | FileCheck %s

#id = affine_map<(n, c, y, x) -> (n, c, y, x)>
#channel = affine_map<(n, c, y, x) -> (c)>
#gate = affine_map<(n, c, y, x) -> (n, c, 0, 0)>

// Bias, relu, residual and pad follow the convolution's layout, and the transposes vanish.
// CHECK-LABEL: func.func @block
// CHECK-SAME:    (%[[X:.*]]: tensor<1x56x56x64xf32>, %[[B:.*]]: tensor<64xf32>)
// CHECK-NOT:     linalg.transpose
// CHECK:         linalg.generic {{.*}} ins(%[[X]], %[[B]], %[[X]] : tensor<1x56x56x64xf32>, tensor<64xf32>, tensor<1x56x56x64xf32>)
// CHECK:         tensor.pad %{{.*}} low[0, 1, 1, 0] high[0, 1, 1, 0]
// CHECK-NOT:     linalg.transpose
// CHECK:         return
func.func @block(%x: tensor<1x56x56x64xf32>, %b: tensor<64xf32>) -> tensor<1x58x58x64xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x64x56x56xf32>
  %t = linalg.transpose ins(%x : tensor<1x56x56x64xf32>) outs(%e : tensor<1x64x56x56xf32>) permutation = [0, 3, 1, 2]
  %r = linalg.generic {indexing_maps = [#id, #channel, #id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%t, %b, %t : tensor<1x64x56x56xf32>, tensor<64xf32>, tensor<1x64x56x56xf32>) outs(%e : tensor<1x64x56x56xf32>) {
  ^bb0(%a: f32, %c: f32, %d: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    %u = arith.addf %s, %d : f32
    %m = arith.maximumf %u, %z : f32
    linalg.yield %m : f32
  } -> tensor<1x64x56x56xf32>
  %p = tensor.pad %r low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %z : f32
  } : tensor<1x64x56x56xf32> to tensor<1x64x58x58xf32>
  %e2 = tensor.empty() : tensor<1x58x58x64xf32>
  %q = linalg.transpose ins(%p : tensor<1x64x58x58xf32>) outs(%e2 : tensor<1x58x58x64xf32>) permutation = [0, 2, 3, 1]
  return %q : tensor<1x58x58x64xf32>
}

// A mean over the image takes the transpose up; a gate of one pixel is reshaped, not transposed.
// CHECK-LABEL: func.func @squeeze_excite
// CHECK-SAME:    (%[[X:.*]]: tensor<1x14x14x96xf32>, %[[G:.*]]: tensor<1x1x1x96xf32>)
// CHECK-NOT:     linalg.transpose
// CHECK:         linalg.generic {{.*}}"reduction", "reduction"{{.*}} ins(%[[X]] : tensor<1x14x14x96xf32>)
// CHECK-NOT:     linalg.transpose
// CHECK:         return
func.func @squeeze_excite(%x: tensor<1x14x14x96xf32>, %g: tensor<1x1x1x96xf32>) -> (tensor<1x14x14x96xf32>, tensor<1x96xf32>) {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x96x14x14xf32>
  %t = linalg.transpose ins(%x : tensor<1x14x14x96xf32>) outs(%e : tensor<1x96x14x14xf32>) permutation = [0, 3, 1, 2]
  %em = tensor.empty() : tensor<1x96xf32>
  %f = linalg.fill ins(%z : f32) outs(%em : tensor<1x96xf32>) -> tensor<1x96xf32>
  %m = linalg.generic {indexing_maps = [#id, affine_map<(n, c, y, x) -> (n, c)>], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%t : tensor<1x96x14x14xf32>) outs(%f : tensor<1x96xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %o : f32
    linalg.yield %s : f32
  } -> tensor<1x96xf32>
  %eg = tensor.empty() : tensor<1x96x1x1xf32>
  %gt = linalg.transpose ins(%g : tensor<1x1x1x96xf32>) outs(%eg : tensor<1x96x1x1xf32>) permutation = [0, 3, 1, 2]
  %r = linalg.generic {indexing_maps = [#id, #gate, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%t, %gt : tensor<1x96x14x14xf32>, tensor<1x96x1x1xf32>) outs(%e : tensor<1x96x14x14xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.mulf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<1x96x14x14xf32>
  %e2 = tensor.empty() : tensor<1x14x14x96xf32>
  %q = linalg.transpose ins(%r : tensor<1x96x14x14xf32>) outs(%e2 : tensor<1x14x14x96xf32>) permutation = [0, 2, 3, 1]
  return %q, %m : tensor<1x14x14x96xf32>, tensor<1x96xf32>
}

// Channels are concatenated innermost, sliced there, and the layout shows at the end only.
// CHECK-LABEL: func.func @concat
// CHECK:         %[[C:.*]] = tensor.concat dim(3)
// CHECK:         %[[S:.*]] = tensor.extract_slice %[[C]][0, 0, 0, 1] [2, 7, 7, 10]
// CHECK:         linalg.transpose ins(%[[S]]
func.func @concat(%x: tensor<2x7x7x5xf32>, %y: tensor<2x7x7x6xf32>) -> tensor<2x10x7x7xf32> {
  %e = tensor.empty() : tensor<2x5x7x7xf32>
  %f = tensor.empty() : tensor<2x6x7x7xf32>
  %t = linalg.transpose ins(%x : tensor<2x7x7x5xf32>) outs(%e : tensor<2x5x7x7xf32>) permutation = [0, 3, 1, 2]
  %u = linalg.transpose ins(%y : tensor<2x7x7x6xf32>) outs(%f : tensor<2x6x7x7xf32>) permutation = [0, 3, 1, 2]
  %c = tensor.concat dim(1) %t, %u : (tensor<2x5x7x7xf32>, tensor<2x6x7x7xf32>) -> tensor<2x11x7x7xf32>
  %s = tensor.extract_slice %c[0, 1, 0, 0] [2, 10, 7, 7] [1, 1, 1, 1] : tensor<2x11x7x7xf32> to tensor<2x10x7x7xf32>
  return %s : tensor<2x10x7x7xf32>
}

// Both sides of a residual sink, one after the other.
// CHECK-LABEL: func.func @residual
// CHECK-NOT:     linalg.transpose
// CHECK:         linalg.generic {indexing_maps = [#[[ID:.*]], #[[ID]], #[[ID]]], {{.*}} ins(%{{.*}}, %{{.*}} : tensor<2x7x7x5xf32>, tensor<2x7x7x5xf32>)
// CHECK-NOT:     linalg.transpose
// CHECK:         return
func.func @residual(%x: tensor<2x7x7x5xf32>, %y: tensor<2x7x7x5xf32>) -> tensor<2x7x7x5xf32> {
  %e = tensor.empty() : tensor<2x5x7x7xf32>
  %t = linalg.transpose ins(%x : tensor<2x7x7x5xf32>) outs(%e : tensor<2x5x7x7xf32>) permutation = [0, 3, 1, 2]
  %u = linalg.transpose ins(%y : tensor<2x7x7x5xf32>) outs(%e : tensor<2x5x7x7xf32>) permutation = [0, 3, 1, 2]
  %v = linalg.exp ins(%u : tensor<2x5x7x7xf32>) outs(%e : tensor<2x5x7x7xf32>) -> tensor<2x5x7x7xf32>
  %w = linalg.exp ins(%v : tensor<2x5x7x7xf32>) outs(%e : tensor<2x5x7x7xf32>) -> tensor<2x5x7x7xf32>
  %s = linalg.add ins(%t, %w : tensor<2x5x7x7xf32>, tensor<2x5x7x7xf32>) outs(%e : tensor<2x5x7x7xf32>) -> tensor<2x5x7x7xf32>
  %e2 = tensor.empty() : tensor<2x7x7x5xf32>
  %q = linalg.transpose ins(%s : tensor<2x5x7x7xf32>) outs(%e2 : tensor<2x7x7x5xf32>) permutation = [0, 2, 3, 1]
  return %q : tensor<2x7x7x5xf32>
}

// Patches of an image become a sequence without a transpose.
// CHECK-LABEL: func.func @patches
// CHECK-NOT:     linalg.transpose
// CHECK:         tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2], [3]] : tensor<1x14x14x768xf32> into tensor<1x196x768xf32>
// CHECK-NOT:     linalg.transpose
// CHECK:         return
func.func @patches(%x: tensor<1x14x14x768xf32>) -> tensor<1x196x768xf32> {
  %e = tensor.empty() : tensor<1x768x14x14xf32>
  %t = linalg.transpose ins(%x : tensor<1x14x14x768xf32>) outs(%e : tensor<1x768x14x14xf32>) permutation = [0, 3, 1, 2]
  %c = tensor.collapse_shape %t [[0], [1], [2, 3]] : tensor<1x768x14x14xf32> into tensor<1x768x196xf32>
  %f = tensor.empty() : tensor<1x196x768xf32>
  %r = linalg.transpose ins(%c : tensor<1x768x196xf32>) outs(%f : tensor<1x196x768xf32>) permutation = [0, 2, 1]
  return %r : tensor<1x196x768xf32>
}

// A transpose that is its own inverse stays where it is.
// CHECK-LABEL: func.func @sequence
// CHECK:         linalg.transpose
// CHECK:         tensor.concat dim(1)
func.func @sequence(%x: tensor<1x768x196xf32>, %y: tensor<1x1x768xf32>) -> tensor<1x197x768xf32> {
  %e = tensor.empty() : tensor<1x196x768xf32>
  %t = linalg.transpose ins(%x : tensor<1x768x196xf32>) outs(%e : tensor<1x196x768xf32>) permutation = [0, 2, 1]
  %c = tensor.concat dim(1) %y, %t : (tensor<1x1x768xf32>, tensor<1x196x768xf32>) -> tensor<1x197x768xf32>
  return %c : tensor<1x197x768xf32>
}
