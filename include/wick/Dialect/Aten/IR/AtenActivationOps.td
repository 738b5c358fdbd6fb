//===- AtenActivationOps.td - activation functions -------------*- tablegen -*-===//
#ifndef WICK_DIALECT_ATEN_IR_ATENACTIVATIONOPS
#define WICK_DIALECT_ATEN_IR_ATENACTIVATIONOPS

include "wick/Dialect/Aten/IR/AtenPointwise.td"

def Aten_ReluOp : Aten_UnaryOp<"relu", ["aten::relu"], "NumbersOnly", "max(x, 0) of each element; NaN stays NaN">;
def Aten_Relu6Op : Aten_UnaryOp<"relu6", ["aten::relu6"], "NumbersOnly", "min(max(x, 0), 6) of each element; NaN stays NaN">;
def Aten_SigmoidOp : Aten_UnaryOp<"sigmoid", ["aten::sigmoid", "aten::special_expit"], "Float", "1 / (1 + exp(-x)) of each element">;
def Aten_LogSigmoidOp : Aten_UnaryOp<"log_sigmoid", ["aten::log_sigmoid"], "FloatOnly", "log(sigmoid(x)) of each element">;
def Aten_SiluOp : Aten_UnaryOp<"silu", ["aten::silu"], "FloatOnly", "x * sigmoid(x) of each element">;
def Aten_MishOp : Aten_UnaryOp<"mish", ["aten::mish"], "FloatOnly", "x * tanh(log(1 + exp(x))) of each element">;
def Aten_HardSwishOp : Aten_UnaryOp<"hardswish", ["aten::hardswish"], "FloatOnly", "x * min(max(x + 3, 0), 6) / 6 of each element">;
def Aten_HardSigmoidOp : Aten_UnaryOp<"hardsigmoid", ["aten::hardsigmoid"], "FloatOnly", "min(max(x + 3, 0), 6) / 6 of each element">;
def Aten_SeluOp : Aten_UnaryOp<"selu", ["aten::selu"], "FloatOnly", "Self-normalising exponential linear unit of each element">;

def Aten_GeluOp : Aten_PointwiseOp<"gelu", (ins Aten_Tensor:$self, Aten_OptionalString:$approximate), ["aten::gelu"],
                                   "FloatOnly", "getSelf()"> {
  let summary = "x times the normal distribution function of x";
  let description = [{
    `approximate` is "none" or "tanh", the approximation by a hyperbolic tangent.
    Source: `aten::gelu(Tensor self, *, str approximate="none") -> Tensor`.

    ```mlir
    %y = aten.gelu %x, %approximate : (!ts.tensor, !ts.str) -> !ts.tensor
    ```
  }];
}

def Aten_HardTanhOp : Aten_PointwiseOp<"hardtanh", (ins Aten_Tensor:$self, Aten_Number:$min_val, Aten_Number:$max_val),
                                       ["aten::hardtanh"], "NumbersOnly", "getSelf()"> {
  let summary = "Each element limited to a range; NaN stays NaN";
  let description = [{
    Source: `aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor`.

    ```mlir
    %y = aten.hardtanh %x, %min, %max : (!ts.tensor, f64, f64) -> !ts.tensor
    ```
  }];
}

def Aten_SoftplusOp : Aten_PointwiseOp<"softplus", (ins Aten_Tensor:$self, Aten_Number:$beta, Aten_Number:$threshold),
                                       ["aten::softplus"], "FloatOnly", "getSelf()"> {
  let summary = "log(1 + exp(beta * x)) / beta of each element";
  let description = [{
    Where beta * x is above the threshold the result is x.
    Source: `aten::softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor`.

    ```mlir
    %y = aten.softplus %x, %beta, %threshold : (!ts.tensor, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_LeakyReluOp : Aten_PointwiseOp<"leaky_relu", (ins Aten_Tensor:$self, Aten_Number:$negative_slope),
                                        ["aten::leaky_relu"], "FloatOnly", "getSelf()"> {
  let summary = "x where it is positive, else x times a slope";
  let description = [{
    Source: `aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor`.

    ```mlir
    %y = aten.leaky_relu %x, %slope : (!ts.tensor, f64) -> !ts.tensor
    ```
  }];
}

def Aten_EluOp : Aten_PointwiseOp<"elu",
    (ins Aten_Tensor:$self, Aten_Number:$alpha, Aten_Number:$scale, Aten_Number:$input_scale), ["aten::elu"],
    "FloatOnly", "getSelf()"> {
  let summary = "scale * x where it is positive, else an exponential that tends to -alpha * scale";
  let description = [{
    Elements that are not positive give scale * alpha * (exp(input_scale * x) - 1).
    Source: `aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor`.

    ```mlir
    %y = aten.elu %x, %alpha, %scale, %input_scale : (!ts.tensor, f64, i64, i64) -> !ts.tensor
    ```
  }];
}

def Aten_CeluOp : Aten_PointwiseOp<"celu", (ins Aten_Tensor:$self, Aten_Number:$alpha), ["aten::celu"],
                                   "FloatOnly", "getSelf()"> {
  let summary = "x where it is positive, else alpha * (exp(x / alpha) - 1)";
  let description = [{
    Source: `aten::celu(Tensor self, Scalar alpha=1.) -> Tensor`.

    ```mlir
    %y = aten.celu %x, %alpha : (!ts.tensor, f64) -> !ts.tensor
    ```
  }];
}

def Aten_ThresholdOp : Aten_PointwiseOp<"threshold", (ins Aten_Tensor:$self, Aten_Number:$threshold, Aten_Number:$value),
                                        ["aten::threshold"], "Promoted", "getSelf()"> {
  let summary = "x where it is above a threshold, else a value";
  let description = [{
    Source: `aten::threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor`.

    ```mlir
    %y = aten.threshold %x, %threshold, %value : (!ts.tensor, f64, f64) -> !ts.tensor
    ```
  }];
}

def Aten_HardShrinkOp : Aten_PointwiseOp<"hardshrink", (ins Aten_Tensor:$self, Aten_Number:$lambd), ["aten::hardshrink"],
                                         "FloatOnly", "getSelf()"> {
  let summary = "0 where |x| is at most lambd, else x";
  let description = [{
    Source: `aten::hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor`.

    ```mlir
    %y = aten.hardshrink %x, %lambd : (!ts.tensor, f64) -> !ts.tensor
    ```
  }];
}

def Aten_SoftShrinkOp : Aten_PointwiseOp<"softshrink", (ins Aten_Tensor:$self, Aten_Number:$lambd), ["aten::softshrink"],
                                         "FloatOnly", "getSelf()"> {
  let summary = "x moved towards 0 by lambd, and 0 within lambd of it";
  let description = [{
    Source: `aten::softshrink(Tensor self, Scalar lambd=0.5) -> Tensor`.

    ```mlir
    %y = aten.softshrink %x, %lambd : (!ts.tensor, f64) -> !ts.tensor
    ```
  }];
}

#endif // WICK_DIALECT_ATEN_IR_ATENACTIVATIONOPS
