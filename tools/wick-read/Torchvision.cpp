//===- Torchvision.cpp - operators of torchvision that archives use ---------===//
//
// An archive loads only where its operators are known. To describe one their schemas
// are enough; a process that links torchvision would have kernels for them, too.
//
//===----------------------------------------------------------------------===//
#include <torch/library.h>

TORCH_LIBRARY_FRAGMENT(torchvision, library) {
  library.def("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor");
  library.def("box_iou_rotated(Tensor boxes1, Tensor boxes2) -> Tensor");
  library.def("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor");
  library.def("qroi_align(Tensor input, Tensor rois, float input_scale, int input_zero_point, float rois_scale, int "
              "rois_zero_point, float spatial_scale, SymInt pooled_height, SymInt pooled_width, int sampling_ratio, "
              "bool aligned) -> Tensor");
  library.def("_cuda_version() -> int");
  library.def("roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width, "
              "int sampling_ratio, bool aligned) -> Tensor");
  library.def("roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width) -> "
              "(Tensor, Tensor)");
  library.def("ps_roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt "
              "pooled_width, int sampling_ratio) -> (Tensor, Tensor)");
  library.def("ps_roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width) "
              "-> (Tensor, Tensor)");
  library.def("deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, SymInt stride_h, "
              "SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, SymInt groups, "
              "SymInt offset_groups, bool use_mask) -> Tensor");
}
