/*===- ABI.h - the binary interface between generated code and the runtime ===
 *
 * Generated code is a freestanding shared object with no imports. It exports one
 * symbol, `wick_module`, of type `wick_module_v1`; everything it needs from the
 * runtime comes in through `wick_context::api`. Both sides of the interface are
 * plain C, so that this header is also the reference for lowering to LLVM.
 *
 * Version policy: WICK_ABI_VERSION changes whenever a struct or the meaning of
 * a field changes; functions are only appended to `wick_runtime_api`, and
 * `size` tells how many are present.
 *===----------------------------------------------------------------------===*/
#ifndef WICK_RUNTIME_ABI_H
#define WICK_RUNTIME_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WICK_ABI_VERSION 10

/* Element types, numbered as PyTorch's ScalarType so that `dtype` arguments of
 * TorchScript programs need no translation. */
typedef enum wick_dtype {
  WICK_U8 = 0,
  WICK_I8 = 1,
  WICK_I16 = 2,
  WICK_I32 = 3,
  WICK_I64 = 4,
  WICK_F16 = 5,
  WICK_F32 = 6,
  WICK_F64 = 7,
  WICK_C64 = 9,
  WICK_C128 = 10,
  WICK_BOOL = 11,
  WICK_BF16 = 15
} wick_dtype;

/* The part of a tensor that generated code reads directly. `data` points at the
 * first element; `sizes` and `strides` have `rank` entries, in elements. */
typedef struct wick_tensor {
  void *data;
  const int64_t *sizes;
  const int64_t *strides;
  int32_t rank;
  int32_t dtype; /* wick_dtype */
  /* private to the runtime from here on */
} wick_tensor;

/* A complex number. It never changes. */
typedef struct wick_complex {
  double real, imag;
  /* private to the runtime from here on */
} wick_complex;

typedef enum wick_tag {
  WICK_NONE = 0,
  WICK_BOOL_VALUE = 1,
  WICK_INT_VALUE = 2,
  WICK_FLOAT_VALUE = 3,
  WICK_COMPLEX_VALUE = 4,
  WICK_TENSOR_VALUE = 5,
  WICK_STRING_VALUE = 6,
  WICK_LIST_VALUE = 7,
  WICK_TUPLE_VALUE = 8,
  WICK_DICT_VALUE = 9,
  WICK_OBJECT_VALUE = 10,
  WICK_DEVICE_VALUE = 11,
  WICK_ENUM_VALUE = 12, /* which nothing changes; there is one of each member of a class of a module */
  WICK_GENERATOR_VALUE = 13
} wick_tag;

/* A TorchScript value. Reference kinds hold one reference to a counted object.
 * Arguments are borrowed from the caller; results are owned by it: zeroed before the
 * entry is called, and released when it fails. */
typedef struct wick_value {
  int32_t tag; /* wick_tag */
  int32_t reserved;
  union {
    int64_t i; /* also bool, as 0 or 1 */
    double f;
    void *p; /* wick_tensor *, wick_complex *, string, list, tuple, member of an enumeration, ... */
  } u;
} wick_value;

/* The part of a list, tuple, dict or object that generated code reads and, for a list
 * or object, writes directly: elements in order; key and value of each entry in order of
 * insertion; the slots of an object. The sequence owns a reference to each. */
typedef struct wick_items {
  wick_value *items;
  int64_t count;    /* in use; of a dict twice its length */
  int64_t capacity; /* allocated */
  /* private to the runtime from here on */
} wick_items;

/* What `wick_runtime_api.invoke` can do, by number. Order is part of the ABI; new ones
 * are appended to Functions.def. */
typedef enum wick_function {
#define WICK_FUNCTION(name, schema) WICK_FN_##name,
#include "wick/Runtime/Functions.def"
  WICK_FUNCTION_COUNT
} wick_function;

typedef enum wick_status {
  WICK_OK = 0,
  WICK_ERROR_RAISED = 1,      /* the program raised; class and message are the user's */
  WICK_ERROR_RUNTIME = 2,     /* an operator failed: shape, index, type */
  WICK_ERROR_ARGUMENT = 3,    /* the call does not fit the signature */
  WICK_ERROR_MEMORY = 4,      /* allocation failed or limit reached */
  WICK_ERROR_ARTIFACT = 5,    /* the artifact is damaged or of another version */
  WICK_ERROR_CANCELLED = 6,   /* the call was cancelled */
  WICK_ERROR_UNSUPPORTED = 7, /* not possible in this build or machine */
  WICK_ERROR_TIME = 8,        /* the call took longer than it may */
  WICK_STATUS_COUNT
} wick_status;

struct wick_context;

/* Scalar functions of libm, by index, for what generated code does not expand
 * itself. Order is part of the ABI; new ones are appended. */
typedef enum wick_unary_function {
  WICK_MATH_ACOS = 0,
  WICK_MATH_ACOSH,
  WICK_MATH_ASIN,
  WICK_MATH_ASINH,
  WICK_MATH_ATAN,
  WICK_MATH_ATANH,
  WICK_MATH_CBRT,
  WICK_MATH_CEIL,
  WICK_MATH_COS,
  WICK_MATH_COSH,
  WICK_MATH_ERF,
  WICK_MATH_ERFC,
  WICK_MATH_EXP,
  WICK_MATH_EXP2,
  WICK_MATH_EXPM1,
  WICK_MATH_FLOOR,
  WICK_MATH_LGAMMA,
  WICK_MATH_LOG,
  WICK_MATH_LOG10,
  WICK_MATH_LOG1P,
  WICK_MATH_LOG2,
  WICK_MATH_RINT,  /* to even, as torch.round */
  WICK_MATH_ROUND, /* away from zero */
  WICK_MATH_SIN,
  WICK_MATH_SINH,
  WICK_MATH_SQRT,
  WICK_MATH_TAN,
  WICK_MATH_TANH,
  WICK_MATH_TGAMMA,
  WICK_MATH_TRUNC,
  WICK_MATH_UNARY_COUNT
} wick_unary_function;

typedef enum wick_binary_function {
  WICK_MATH_ATAN2 = 0,
  WICK_MATH_COPYSIGN,
  WICK_MATH_FMOD,
  WICK_MATH_HYPOT,
  WICK_MATH_NEXTAFTER,
  WICK_MATH_POW,
  WICK_MATH_REMAINDER,
  WICK_MATH_BINARY_COUNT
} wick_binary_function;

typedef struct wick_math_api {
  double (*const *unary64)(double);
  float (*const *unary32)(float);
  double (*const *binary64)(double, double);
  float (*const *binary32)(float, float);
} wick_math_api;

/* One chunk [begin, end) of the work items of a parallel loop. */
typedef void (*wick_range_fn)(void *env, int64_t begin, int64_t end);

/* Where a loop began. What its iterations make and do not hand on is released once the context has made more than
 * `limit`. */
typedef struct wick_mark {
  int64_t limit;               /* of wick_context::made */
  int64_t listed, block, used; /* private to the runtime */
} wick_mark;

typedef int32_t (*wick_entry_fn)(struct wick_context *ctx, const wick_value *args, wick_value *results);

/* A part of a call that may run beside others: a function with the interface of an entry, and what it is called with.
 */
typedef struct wick_task {
  wick_entry_fn function;
  const wick_value *args;
  wick_value *results;
  int64_t result_count;
} wick_task;

/* Functions of the runtime, by table. All are thread-safe with respect to
 * different contexts; a context belongs to one call. */
typedef struct wick_runtime_api {
  uint32_t abi_version; /* WICK_ABI_VERSION */
  uint32_t size;        /* sizeof(wick_runtime_api) of the runtime */

  /* Runs fn over [0, n) in disjoint ranges on the context's pool and returns when
   * all are done; inline when nested or n < 2. Items are independent: which ranges
   * they are grouped into, and on which threads, never shows in results. */
  void (*parallel_for)(struct wick_context *ctx, wick_range_fn fn, void *env, int64_t n);

  /* The call's arena, at least `bytes` long and 64-byte aligned; valid until
   * the entry returns or `release` moves it; a second request in one call returns distinct memory.
   * Null (and the error set) when memory is exhausted. */
  void *(*arena)(struct wick_context *ctx, int64_t bytes);

  /* A new contiguous tensor, which belongs to the context: it is released after
   * the entry has returned, however it returns, or by `release`. Whoever stores a tensor in the
   * results, new or an argument, retains it. On the entry's thread only; null (and
   * the error set) when memory is exhausted or a size is negative. */
  wick_tensor *(*tensor_new)(struct wick_context *ctx, int32_t dtype, int32_t rank, const int64_t *sizes);
  void (*tensor_retain)(wick_tensor *tensor);
  void (*tensor_release)(wick_tensor *tensor);

  /* Records the error of the call and returns `status`. `message` need not be
   * NUL-terminated; `location` indexes sources.json, -1 when unknown. May be called
   * in parallel items: the first error stays, and fails the call even when the
   * entry returns WICK_OK. */
  int32_t (*raise)(struct wick_context *ctx, int32_t status, const char *cls, int64_t cls_size, const char *message,
                   int64_t message_size, int32_t location);

  /* Memory of a kernel, 64-byte aligned, on any thread of the call; null (and the
   * error set) when exhausted. What is not freed leaks. Freeing null is allowed. */
  void *(*alloc)(struct wick_context *ctx, int64_t bytes);
  void (*free)(struct wick_context *ctx, void *memory);

  const wick_math_api *math;

  /* Runs an operator on values that are no tensors, or on containers of tensors, with the
   * meaning that it has in TorchScript: `function` is a wick_function. Arguments are
   * borrowed, and so is the result, which the context keeps until the entry has returned:
   * nothing that a call has seen goes away while it runs, save by `release`. `result` may be null. On failure
   * the error is set, with `location` as for `raise`, and its status returned. On the
   * entry's thread only. */
  int32_t (*invoke)(struct wick_context *ctx, int32_t function, const wick_value *args, int64_t count,
                    wick_value *result, int32_t location);
  void (*value_retain)(const wick_value *value);

  /* Records why a call is to end and returns the status: to be called, with `location` as for
   * `raise`, when wick_context::interrupted is not 0. */
  int32_t (*interrupt)(struct wick_context *ctx, int32_t location);

  /* Makes the context an owner of values that code has read out of containers, from which they may be removed while
   * code goes on to use them. On failure the error is set and its status returned. */
  int32_t (*keep)(struct wick_context *ctx, const wick_value *values, int64_t count);
  /* Notes where a loop begins. */
  void (*mark)(struct wick_context *ctx, wick_mark *mark);
  /* Between two iterations: releases what the context owns since the mark, and the memory of its arena, save what the
   * loop hands on: `values`, and `buffers` of `bytes` each, which may get other addresses. To be called when
   * wick_context::made is beyond the limit of the mark. On failure the error is set and its status returned. */
  int32_t (*release)(struct wick_context *ctx, wick_mark *mark, const wick_value *values, int64_t count, void **buffers,
                     const int64_t *bytes, int64_t buffer_count);

  /* Runs tasks, which change nothing that another one sees, on the context's pool and returns when all are done: beside
   * each other, each with a context of its own, or in turn. The results belong to the context. Where tasks fail, the
   * error is that of the first one in order, whichever failed first; on failure its status is returned, and there are
   * no results. On the entry's thread, or that of a task, only. */
  int32_t (*run_tasks)(struct wick_context *ctx, const wick_task *tasks, int64_t count);
} wick_runtime_api;

/* What an entry point receives. */
typedef struct wick_context {
  const wick_runtime_api *api;
  const void *const *weights; /* base address of each weight, in manifest order, 64-byte aligned */
  void *session;              /* private to the runtime */
  const wick_value *literals; /* the values of wick_module_v1::literals, which never change */
  const wick_value *state;    /* what the manifest's state entry gave when the session began */
  int32_t interrupted;        /* set by other threads while the call runs; code looks at it in each iteration of a
                               * loop that may run for long, atomically, and ends the call when it is not 0 */
  int64_t made;               /* bytes, about, of all that the context has kept and of its arena; only grows */
} wick_context;

/* A constant of the code that is a counted object: a string, which is `data`, or a list, tuple or dict. Of these `data`
 * is the number of items, those of a dict being key and value in turn, and the items: a byte that is a wick_tag, and
 * then nothing for None, 0 or 1 as a byte for a bool, 8 bytes for an int or float, the number of bytes and the bytes
 * for a string, or the same again for a sequence. Numbers of bytes and items are int64_t. */
typedef struct wick_literal {
  const char *data;
  int64_t bytes;
  int64_t tag; /* wick_tag */
} wick_literal;

typedef struct wick_module_v1 {
  uint32_t abi_version;
  uint32_t entry_count;
  const wick_entry_fn *entries; /* one per method, in manifest order */
  const wick_literal *literals;
  int64_t literal_count;
} wick_module_v1;

#ifdef __cplusplus
}
#endif
#endif /* WICK_RUNTIME_ABI_H */
