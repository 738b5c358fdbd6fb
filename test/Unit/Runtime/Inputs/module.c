/*===- module.c - hand-written code of a test artifact ======================
 *
 * What the compiler would generate, with the features of the ABI that the
 * runtime's tests need. The manifest is in TestArtifact.cpp.
 *===----------------------------------------------------------------------===*/
#include "wick/Runtime/ABI.h"

#define ENTRY(name) static int32_t name(wick_context *ctx, const wick_value *args, wick_value *results)

static wick_tensor *tensorOf(const wick_value *value) { return (wick_tensor *)value->u.p; }

static void put(wick_context *ctx, wick_value *result, wick_tensor *tensor) {
  ctx->api->tensor_retain(tensor);
  result->tag = WICK_TENSOR_VALUE;
  result->u.p = tensor;
}

/* add(x: Tensor<f32>[B, 3], y: Tensor<f32>[B, 3]) -> Tensor<f32>[B, 3] */
struct AddEnv {
  const float *x, *y;
  float *out;
};
static void addRows(void *opaque, int64_t begin, int64_t end) {
  struct AddEnv *env = (struct AddEnv *)opaque;
  for (int64_t i = begin * 3; i < end * 3; ++i)
    env->out[i] = env->x[i] + env->y[i];
}
ENTRY(add) {
  wick_tensor *x = tensorOf(&args[0]), *y = tensorOf(&args[1]);
  wick_tensor *out = ctx->api->tensor_new(ctx, WICK_F32, 2, x->sizes);
  if (!out)
    return WICK_ERROR_MEMORY;
  struct AddEnv env = {(const float *)x->data, (const float *)y->data, (float *)out->data};
  ctx->api->parallel_for(ctx, addRows, &env, x->sizes[0]);
  put(ctx, &results[0], out);
  return WICK_OK;
}

/* unpack(pair: Tuple[Tensor<f32>[?], int], scale: float = 2.5, flag: Optional[int] = null)
 *     -> Tuple[Tensor<f32>[?], Tuple[float, Optional[int]]] */
ENTRY(unpack) {
  put(ctx, &results[0], tensorOf(&args[0]));
  results[1].tag = WICK_FLOAT_VALUE;
  results[1].u.f = args[2].u.f * (double)args[1].u.i;
  results[2] = args[3];
  return WICK_OK;
}

/* fail(location: int, code: int) -> None: raises ValueError("bad code") unless code is 0 */
ENTRY(fail) {
  wick_tensor *garbage = ctx->api->tensor_new(ctx, WICK_F32, 0, 0);
  if (!garbage)
    return WICK_ERROR_MEMORY;
  put(ctx, &results[0], garbage);
  if (args[1].u.i)
    return ctx->api->raise(ctx, WICK_ERROR_RAISED, "ValueError", 10, "bad code", 8, (int32_t)args[0].u.i);
  ctx->api->tensor_release(garbage);
  results[0].tag = WICK_NONE;
  return WICK_OK;
}

/* same(x: Tensor) -> Tensor */
ENTRY(same) {
  put(ctx, &results[0], tensorOf(&args[0]));
  return WICK_OK;
}

/* negate_(x: Tensor<f32>[N]), which it writes to -> Tensor<f32>[N] */
ENTRY(negate_) {
  wick_tensor *x = tensorOf(&args[0]);
  for (int64_t i = 0; i < x->sizes[0]; ++i)
    ((float *)x->data)[i] = -((float *)x->data)[i];
  put(ctx, &results[0], x);
  return WICK_OK;
}

/* work(x: Tensor<f64>[N]) -> Tensor<f64>[N]: sin(x) + weight 0, through arena, scratch, nested loops and libm */
struct WorkEnv {
  wick_context *ctx;
  const double *x;
  double *temporary;
  double *scratch;
};
static void workInner(void *opaque, int64_t begin, int64_t end) {
  struct WorkEnv *env = (struct WorkEnv *)opaque;
  for (int64_t i = begin; i < end; ++i)
    env->scratch[i] = 1.0;
}
static void workRange(void *opaque, int64_t begin, int64_t end) {
  struct WorkEnv env = *(struct WorkEnv *)opaque;
  const wick_runtime_api *api = env.ctx->api;
  for (int64_t i = begin; i < end; ++i) {
    env.scratch = (double *)api->alloc(env.ctx, 8 * 16);
    if (!env.scratch)
      return;
    api->parallel_for(env.ctx, workInner, &env, 16);
    double ones = 0;
    for (int k = 0; k < 16; ++k)
      ones += env.scratch[k];
    api->free(env.ctx, env.scratch);
    env.temporary[i] = api->math->unary64[WICK_MATH_SIN](env.x[i]) * (ones / 16);
  }
}
ENTRY(work) {
  wick_tensor *x = tensorOf(&args[0]);
  int64_t n = x->sizes[0];
  wick_tensor *out = ctx->api->tensor_new(ctx, WICK_F64, 1, x->sizes);
  double *first = (double *)ctx->api->arena(ctx, 8 * n), *second = (double *)ctx->api->arena(ctx, 8 * n);
  if (!out || !first || !second)
    return WICK_ERROR_MEMORY;
  struct WorkEnv env = {ctx, (const double *)x->data, first, 0};
  ctx->api->parallel_for(ctx, workRange, &env, n);
  for (int64_t i = 0; i < n; ++i)
    second[i] = first[i];
  for (int64_t i = 0; i < n; ++i)
    ((double *)out->data)[i] = second[i] + *(const double *)ctx->weights[0];
  put(ctx, &results[0], out);
  return WICK_OK;
}

/* hog(tensor: bool, bytes: int) -> None: takes memory */
ENTRY(hog) {
  int64_t bytes = args[1].u.i;
  void *memory = args[0].u.i ? (void *)ctx->api->tensor_new(ctx, WICK_U8, 1, &bytes) : ctx->api->arena(ctx, bytes);
  return memory ? WICK_OK : WICK_ERROR_MEMORY;
}

/* named(inputs: Dict[str, Tensor<f32>[N]], keys a, b; many: List of two ints) -> Dict[str, int], keys sum, n */
ENTRY(named) {
  results[0].tag = results[1].tag = WICK_INT_VALUE;
  results[0].u.i = args[2].u.i + args[3].u.i;
  results[1].u.i = tensorOf(&args[0])->sizes[0] * 100 + (int64_t)((float *)tensorOf(&args[1])->data)[0];
  return WICK_OK;
}

/* nothing() -> None, without results */
ENTRY(nothing) { return WICK_OK; }

/* accumulate_(x: Tensor<f32>[N], y: Tensor<f32>[N]) -> None: x += y */
ENTRY(accumulate_) {
  wick_tensor *x = tensorOf(&args[0]), *y = tensorOf(&args[1]);
  for (int64_t i = 0; i < x->sizes[0]; ++i)
    ((float *)x->data)[i] += ((float *)y->data)[i];
  return WICK_OK;
}

/* spin(n: int) -> int: counts to n, or until the call is to end */
ENTRY(spin) {
  int64_t i = 0;
  for (; i != args[0].u.i; ++i)
    if (__atomic_load_n(&ctx->interrupted, __ATOMIC_RELAXED))
      return ctx->api->interrupt(ctx, 1);
  results[0].tag = WICK_INT_VALUE;
  results[0].u.i = i;
  return WICK_OK;
}

static int32_t retain(wick_context *ctx, wick_value *result, wick_value value) {
  *result = value;
  ctx->api->value_retain(result);
  return WICK_OK;
}

/* turn(node: Node, color: Color) -> Tuple[Node, Color, bool]: counts the node's turns; whether it had the color, which
 * it takes; results are the node and the color BLUE */
ENTRY(turn) {
  wick_value *slots = ((wick_items *)args[0].u.p)->items, call[3] = {args[0]}, blue;
  slots[0].u.i += 1;
  call[1].tag = call[2].tag = WICK_INT_VALUE;
  call[1].u.i = 2;
  results[2].tag = WICK_BOOL_VALUE;
  results[2].u.i = slots[2].u.p == args[1].u.p;
  call[2] = args[1];
  int32_t status = ctx->api->invoke(ctx, WICK_FN_SET_ATTR, call, 3, 0, -1);
  call[0].tag = call[1].tag = WICK_INT_VALUE;
  call[0].u.i = 1;
  call[1].u.i = 1;
  if (!status)
    status = ctx->api->invoke(ctx, WICK_FN_ENUM_MEMBER, call, 2, &blue, -1);
  return status || retain(ctx, &results[0], args[0]) || retain(ctx, &results[1], blue);
}

/* make(class: int, member: int) -> Any: an object, or a member where that is not negative */
ENTRY(make) {
  wick_value made;
  int32_t status = ctx->api->invoke(ctx, args[1].u.i < 0 ? WICK_FN_OBJECT_NEW : WICK_FN_ENUM_MEMBER, args,
                                    args[1].u.i < 0 ? 1 : 2, &made, -1);
  return status ? status : retain(ctx, &results[0], made);
}

static const wick_entry_fn entries[] = {add,   unpack,  fail,        same, negate_, work, hog,
                                        named, nothing, accumulate_, spin, turn,    make};
const wick_module_v1 wick_module = {WICK_ABI_VERSION, sizeof(entries) / sizeof(entries[0]), entries};
