/*===- Fallback.h - how the runtime calls operators of LibTorch ===============
 *
 * Operators without native code are called through a plug-in, `libwick_aten.so`, which
 * is the only part that links LibTorch. The runtime loads it when an artifact's manifest
 * lists such operators. It exports the functions below and uses the runtime's C
 * interface for the values that it makes.
 *
 * An operation is described by one text:
 *
 *   aten::bernoulli.float|aten::bernoulli_.float(self!,p,generator) -> f32[?,3] *
 *
 * The first of the operators that LibTorch has and whose parameters fit is called, with
 * the arguments by name; parameters that are not named keep their defaults. Arguments are
 * not changed: of what the operator writes to it is given copies. After the operator's own
 * results come the contents of the arguments marked with `!`. An argument marked with `&`
 * is written where it is.
 *
 * After the arrow comes what the code relies on, one for each result: a tensor of that
 * dtype, rank and sizes, contiguous unless it shows memory of an argument; a list of such with `+` behind it; anything
 * for `*`.
 *===----------------------------------------------------------------------===*/
#ifndef WICK_RUNTIME_FALLBACK_H
#define WICK_RUNTIME_FALLBACK_H

#include "wick/Runtime/wick.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever the text or the functions do. */
#define WICK_FALLBACK_VERSION 2

/* Where an operator that draws has its random numbers from. Between `take` and `put` nobody else draws. */
typedef struct wick_random_stream {
  void *owner;
  void (*take)(void *owner, wick_random *state);
  void (*put)(void *owner, const wick_random *state);
} wick_random_stream;

/* `wick_fallback_version` */
typedef uint32_t (*wick_fallback_version_fn)(void);

/* `wick_fallback_problem`: why the LibTorch that is loaded cannot be used, or NULL. The text is static. */
typedef const char *(*wick_fallback_problem_fn)(void);

/* `wick_fallback_call`: runs the operation described by `text` with `count` arguments, which are borrowed, and stores
 * the results, of which there are `result_count` and which the caller then owns. On failure stores a message, which
 * the caller owns, and returns another status than WICK_OK. Thread-safe. */
typedef wick_status (*wick_fallback_call_fn)(const char *text, size_t bytes, const wick_value *args, int64_t count,
                                             const wick_random_stream *numbers, wick_value *results,
                                             int64_t result_count, wick_string **message);

#ifdef __cplusplus
}
#endif
#endif /* WICK_RUNTIME_FALLBACK_H */
