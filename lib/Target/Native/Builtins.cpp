//===- Builtins.cpp - the functions that LLVM calls unasked
//-------------------===//
#include "CodeGenInternal.h"

using namespace wick;

/// String instructions: fast for the long ranges that reach them, since LLVM
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
attributes #0 = { nounwind "no-builtins" }
)";

llvm::StringRef native::getBuiltins() { return text; }
