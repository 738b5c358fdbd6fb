//===- Builtins.cpp - the functions that LLVM calls unasked
//-------------------===//
#include "CodeGenInternal.h"

using namespace wick;

/// Conversions of 16-bit floats without the instructions, rounding to even (from f64 by way of f32), and
/// string instructions: fast for the long ranges that reach them, since LLVM
/// expands short ones of known size inline. `no-builtins` keeps LLVM from
/// recognising the functions in themselves.
static constexpr llvm::StringLiteral text = R"(
define hidden ptr @memcpy(ptr %to, ptr %from, i64 %n) #0 {
  call void asm sideeffect "cld\0Arep movsb", "{di},{si},{cx},~{di},~{si},~{cx},~{memory},~{dirflag},~{fpsr},~{flags}"(ptr %to, ptr %from, i64 %n)
  ret ptr %to
}
define hidden ptr @memmove(ptr %to, ptr %from, i64 %n) #0 {
  %a = ptrtoint ptr %to to i64
  %b = ptrtoint ptr %from to i64
  %d = sub i64 %a, %b
  %overlaps = icmp ult i64 %d, %n
  br i1 %overlaps, label %backward, label %forward
forward:
  call void asm sideeffect "cld\0Arep movsb", "{di},{si},{cx},~{di},~{si},~{cx},~{memory},~{dirflag},~{fpsr},~{flags}"(ptr %to, ptr %from, i64 %n)
  ret ptr %to
backward:
  %last = sub i64 %n, 1
  %to.last = getelementptr i8, ptr %to, i64 %last
  %from.last = getelementptr i8, ptr %from, i64 %last
  call void asm sideeffect "std\0Arep movsb\0Acld", "{di},{si},{cx},~{di},~{si},~{cx},~{memory},~{dirflag},~{fpsr},~{flags}"(ptr %to.last, ptr %from.last, i64 %n)
  ret ptr %to
}
define hidden ptr @memset(ptr %to, i32 %value, i64 %n) #0 {
  %byte = trunc i32 %value to i8
  call void asm sideeffect "cld\0Arep stosb", "{di},{ax},{cx},~{di},~{cx},~{memory},~{dirflag},~{fpsr},~{flags}"(ptr %to, i8 %byte, i64 %n)
  ret ptr %to
}
define hidden bfloat @__truncsfbf2(float %x) #0 {
  %bits = bitcast float %x to i32
  %high = lshr i32 %bits, 16
  %odd = and i32 %high, 1
  %bias = add i32 %odd, 32767
  %rounded = add i32 %bits, %bias
  %number = lshr i32 %rounded, 16
  %quiet = or i32 %high, 64
  %isnan = fcmp uno float %x, %x
  %chosen = select i1 %isnan, i32 %quiet, i32 %number
  %short = trunc i32 %chosen to i16
  %result = bitcast i16 %short to bfloat
  ret bfloat %result
}
define hidden bfloat @__truncdfbf2(double %x) #0 {
  %single = fptrunc double %x to float
  %result = call bfloat @__truncsfbf2(float %single)
  ret bfloat %result
}
define hidden float @__extendhfsf2(half %x) #0 {
  %short = bitcast half %x to i16
  %bits = zext i16 %short to i32
  %signbit = and i32 %bits, 32768
  %sign = shl i32 %signbit, 16
  %magnitude = and i32 %bits, 32767
  %shifted = shl i32 %magnitude, 13
  %normal = add i32 %shifted, 939524096
  %special = add i32 %shifted, 1879048192
  %integer = uitofp i32 %magnitude to float
  %scaled = fmul float %integer, 0x3E70000000000000
  %subnormal = bitcast float %scaled to i32
  %isspecial = icmp uge i32 %magnitude, 31744
  %issubnormal = icmp ult i32 %magnitude, 1024
  %finite = select i1 %issubnormal, i32 %subnormal, i32 %normal
  %chosen = select i1 %isspecial, i32 %special, i32 %finite
  %signed = or i32 %chosen, %sign
  %result = bitcast i32 %signed to float
  ret float %result
}
define hidden half @__truncsfhf2(float %x) #0 {
  %bits = bitcast float %x to i32
  %magnitude = and i32 %bits, 2147483647
  %high = lshr i32 %bits, 16
  %sign = and i32 %high, 32768
  %thirteenth = lshr i32 %magnitude, 13
  %odd = and i32 %thirteenth, 1
  %bias = add i32 %odd, -939520001
  %rounded = add i32 %magnitude, %bias
  %normal = lshr i32 %rounded, 13
  %absolute = bitcast i32 %magnitude to float
  %aligned = fadd float %absolute, 5.0e-01
  %alignedbits = bitcast float %aligned to i32
  %subnormal = sub i32 %alignedbits, 1056964608
  %payload = and i32 %thirteenth, 1023
  %nan = or i32 %payload, 32256
  %issubnormal = icmp ult i32 %magnitude, 947912704
  %isinfinite = icmp uge i32 %magnitude, 1199566848
  %isnan = icmp ugt i32 %magnitude, 2139095040
  %finite = select i1 %issubnormal, i32 %subnormal, i32 %normal
  %bounded = select i1 %isinfinite, i32 31744, i32 %finite
  %chosen = select i1 %isnan, i32 %nan, i32 %bounded
  %signed = or i32 %chosen, %sign
  %short = trunc i32 %signed to i16
  %result = bitcast i16 %short to half
  ret half %result
}
define hidden half @__truncdfhf2(double %x) #0 {
  %single = fptrunc double %x to float
  %result = call half @__truncsfhf2(float %single)
  ret half %result
}
attributes #0 = { nounwind "no-builtins" }
)";

llvm::StringRef native::getBuiltins() { return text; }
