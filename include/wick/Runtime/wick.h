/*===- wick.h - the C interface of the Wick runtime ==========================
 *
 * Loads `model.wick` artifacts and calls their methods, on libc and libstdc++ alone.
 *
 *   wick_module *module;  wick_session *session;  wick_error *error = NULL;
 *   if (wick_module_load("model.wick", NULL, &module, &error) ||
 *       wick_session_new(module, NULL, &session, &error)) {
 *     fprintf(stderr, "%s\n", wick_error_text(error));
 *   }
 *   wick_value x = {WICK_TENSOR_VALUE, 0, {.p = tensor}}, y;
 *   wick_call(session, wick_module_find(module, "forward"), &x, 1, &y, &error);
 *
 * Conventions
 * - Fallible functions return a wick_status, WICK_OK being 0, and on failure store a new error in
 *   `*error` unless `error` is null; release it with wick_error_release. On success `*error` is
 *   left as it was, and on failure the other outputs are.
 * - Objects made by `_new`, `_borrow`, `_load` carry one reference that the caller owns. Pointers
 *   returned by accessors are borrowed from the object they were asked of.
 * - Modules, errors and methods are immutable; every function may be called on them from any
 *   thread. Any number of threads may call one session at once; those of a module with state take
 *   turns. A list, dict or object that is a result, or was an argument, may be part of the state:
 *   where others call the session too, it is read between wick_session_lock and _unlock. Tensors are
 *   shared memory: reading and retaining them is safe everywhere, writing is the caller's to order.
 * - Sizes of memory are bytes; sizes, strides and offsets of tensors are elements.
 * - No function throws, exits or writes to standard output, but for what a program prints.
 *
 * Version policy: within one WICK_RUNTIME_VERSION functions and enumerators are only added. Option
 * structs start with their own size, so that fields can be appended. Artifacts state the version
 * of their format and of the ABI of their code; a runtime loads the format versions up to its own
 * and exactly its ABI version.
 *===----------------------------------------------------------------------===*/
#ifndef WICK_RUNTIME_WICK_H
#define WICK_RUNTIME_WICK_H

#include "wick/Runtime/ABI.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WICK_RUNTIME_VERSION 1
#define WICK_API __attribute__((visibility("default")))

typedef struct wick_module wick_module;       /* a loaded artifact */
typedef struct wick_session wick_session;     /* state and memory for calls of a module */
typedef struct wick_method wick_method;       /* one callable method; owned by its module */
typedef struct wick_type wick_type;           /* type in a signature; owned by its module */
typedef struct wick_error wick_error;         /* what went wrong, and where */
typedef struct wick_string wick_string;       /* bytes; u.p of WICK_STRING_VALUE and WICK_DEVICE_VALUE */
typedef struct wick_sequence wick_sequence;   /* values; u.p of WICK_LIST_VALUE, WICK_TUPLE_VALUE, WICK_DICT_VALUE,
                                                 WICK_OBJECT_VALUE */
typedef struct wick_class wick_class;         /* a class or enumeration of the program; lives as long as its module, and
                                                 as what refers to it */
typedef struct wick_member wick_member;       /* member of an enumeration; u.p of WICK_ENUM_VALUE */
typedef struct wick_generator wick_generator; /* random numbers; u.p of WICK_GENERATOR_VALUE */

/*===--- versions and machine ------------------------------------------------*/

/* Of this library, "0.1.0". */
WICK_API const char *wick_version(void);
/* WICK_ABI_VERSION the library was built with: the one it accepts in artifacts. */
WICK_API uint32_t wick_abi_version(void);
/* Newest version of the artifact format that the library reads. */
WICK_API uint32_t wick_format_version(void);
/* Names of the features of this machine's CPU that artifacts may ask for, separated by commas, as "avx,avx2,fma". */
WICK_API const char *wick_cpu_features(void);
/* Threads a session uses unless told otherwise: $WICK_NUM_THREADS, else the cores this process may use. */
WICK_API int32_t wick_default_threads(void);

/*===--- errors --------------------------------------------------------------*/

/* Category; never WICK_OK. */
WICK_API wick_status wick_error_status(const wick_error *error);
/* One line for people: "model.py:12:8: ValueError: message". */
WICK_API const char *wick_error_text(const wick_error *error);
/* The message alone. */
WICK_API const char *wick_error_message(const wick_error *error);
/* Class of the exception a program raised ("ValueError", "__torch__.MyError"), otherwise "". */
WICK_API const char *wick_error_class(const wick_error *error);
/* Where in the user's Python; file is "" and line and column are 0 when unknown. Lines and columns count from 1. */
WICK_API const char *wick_error_file(const wick_error *error);
WICK_API int32_t wick_error_line(const wick_error *error);
WICK_API int32_t wick_error_column(const wick_error *error);
/* The source line itself, "" when unknown. */
WICK_API const char *wick_error_source(const wick_error *error);

/* A place in the user's Python, as above, and the function or method in which it stands, "" when unknown. */
typedef struct wick_frame {
  const char *file;
  const char *function;
  const char *source;
  int32_t line;
  int32_t column;
} wick_frame;

/* Where it happened and the calls that led there, the outermost first; `count` receives how many, 0 when the place is
 * unknown. They live as long as the error. */
WICK_API const wick_frame *wick_error_frames(const wick_error *error, int32_t *count);
/* The frames as Python prints them, "Traceback of the model (most recent call last): ..." without the message; "" when
 * there are none. */
WICK_API const char *wick_error_traceback(const wick_error *error);
/* Null is allowed. */
WICK_API void wick_error_release(wick_error *error);

/*===--- modules -------------------------------------------------------------*/

enum {
  WICK_LOAD_VERIFY_WEIGHTS = 1 /* check the weights' CRCs too (reads the whole file) */
};

typedef struct wick_load_options {
  uint32_t size;   /* sizeof(wick_load_options) */
  uint32_t flags;  /* WICK_LOAD_... */
  const char *isa; /* code to take, such as "x86-64-v3"; null: the best the machine has */
} wick_load_options;

/* Loads an artifact from a file, which is mapped: its weights are shared by all processes that
 * load it and read when first touched. The file must not be changed in place while the module
 * lives; replacing or deleting it is safe. The code becomes executable but nothing runs. */
WICK_API wick_status wick_module_load(const char *path, const wick_load_options *options, wick_module **module,
                                      wick_error **error);
/* The same from memory, which is copied. */
WICK_API wick_status wick_module_load_memory(const void *data, size_t bytes, const wick_load_options *options,
                                             wick_module **module, wick_error **error);
/* Checks everything in an artifact - directory, manifest, all code, all CRCs, source map - and makes nothing
 * executable. `summary` may be null; else it receives one line that says what the artifact holds. */
WICK_API wick_status wick_module_check(const char *path, wick_string **summary, wick_error **error);
WICK_API void wick_module_retain(wick_module *module);
/* Sessions keep their module alive. Null is allowed. */
WICK_API void wick_module_release(wick_module *module);
/* Name of the class, as "MyCell". */
WICK_API const char *wick_module_name(const wick_module *module);
/* Compiler that wrote the artifact, as "wick 0.1.0". */
WICK_API const char *wick_module_producer(const wick_module *module);
/* Instruction set of the code taken, as "x86-64-v3". */
WICK_API const char *wick_module_isa(const wick_module *module);
/* The artifact's bytes, as loaded (for saving a copy). */
WICK_API const void *wick_module_data(const wick_module *module, size_t *bytes);
/* manifest.json as it stands in the artifact, not NUL-terminated. */
WICK_API const char *wick_module_manifest(const wick_module *module, size_t *bytes);

/*===--- signatures ----------------------------------------------------------*/

WICK_API int32_t wick_module_method_count(const wick_module *module);
/* Null when out of range. */
WICK_API const wick_method *wick_module_method(const wick_module *module, int32_t index);
/* Null when there is no such method. */
WICK_API const wick_method *wick_module_find(const wick_module *module, const char *name);
WICK_API const char *wick_method_name(const wick_method *method);
/* "forward(x: Tensor<f32>[B, 3], n: int = 2) -> Tensor<f32>[B, 4]" */
WICK_API const char *wick_method_signature(const wick_method *method);
WICK_API int32_t wick_method_argument_count(const wick_method *method);
WICK_API const char *wick_method_argument_name(const wick_method *method, int32_t index);
WICK_API const wick_type *wick_method_argument_type(const wick_method *method, int32_t index);
WICK_API int wick_method_argument_has_default(const wick_method *method, int32_t index);
/* Whether the method writes to the tensors in the argument. */
WICK_API int wick_method_argument_is_written(const wick_method *method, int32_t index);
WICK_API const wick_type *wick_method_result_type(const wick_method *method);

/* Attributes that the methods change, by their paths in the model as "block.1.running_mean". All others are constants
 * of the code. */
WICK_API int32_t wick_module_attribute_count(const wick_module *module);
/* Null when out of range. */
WICK_API const char *wick_module_attribute_name(const wick_module *module, int32_t index);
WICK_API const wick_type *wick_module_attribute_type(const wick_module *module, int32_t index);
/* The number of an attribute, or -1. */
WICK_API int32_t wick_module_find_attribute(const wick_module *module, const char *name);

typedef enum wick_type_kind {
  WICK_TYPE_ANY = 0,
  WICK_TYPE_TENSOR = 1,
  WICK_TYPE_INT = 2,
  WICK_TYPE_FLOAT = 3,
  WICK_TYPE_BOOL = 4,
  WICK_TYPE_STRING = 5,
  WICK_TYPE_NONE = 6,
  WICK_TYPE_TUPLE = 7,
  WICK_TYPE_LIST = 8,
  WICK_TYPE_OPTIONAL = 9,
  WICK_TYPE_DICT = 10,
  WICK_TYPE_DEVICE = 11,
  WICK_TYPE_UNION = 12,
  WICK_TYPE_COMPLEX = 13,
  WICK_TYPE_OBJECT = 14,
  WICK_TYPE_ENUM = 15,
  WICK_TYPE_GENERATOR = 16
} wick_type_kind;

WICK_API wick_type_kind wick_type_get_kind(const wick_type *type);
/* As in wick_method_signature. */
WICK_API const char *wick_type_text(const wick_type *type);
/* Of a tensor type: the wick_dtype, or -1 when any is allowed. */
WICK_API int32_t wick_type_dtype(const wick_type *type);
/* Of a tensor type: the rank, or -1 when any is allowed. */
WICK_API int32_t wick_type_rank(const wick_type *type);
/* Of a tensor type: the exact size, or -1 when it varies. */
WICK_API int64_t wick_type_dim(const wick_type *type, int32_t dim);
/* Name that ties equal dims of one call, "" when there is none. */
WICK_API const char *wick_type_dim_name(const wick_type *type, int32_t dim);
/* Element types of tuples and unions (all), lists and optionals (one), dicts (key and value). */
WICK_API int32_t wick_type_element_count(const wick_type *type);
WICK_API const wick_type *wick_type_element(const wick_type *type, int32_t index);
/* Of a named tuple: the name of its class, and of its fields; null for other types. */
WICK_API const char *wick_type_name(const wick_type *type);
WICK_API const char *wick_type_field(const wick_type *type, int32_t index);
/* Of the type of objects or of the members of an enumeration: the class; null for other types. */
WICK_API const wick_class *wick_type_class(const wick_type *type);
/* Of a list type: the length it must have, or -1 when any is allowed. */
WICK_API int64_t wick_type_list_length(const wick_type *type);

/*===--- classes -------------------------------------------------------------*/

/* Those of whose objects and members the signatures and the code of the module speak. */
WICK_API int32_t wick_module_class_count(const wick_module *module);
/* Null when out of range. */
WICK_API const wick_class *wick_module_class(const wick_module *module, int32_t index);
/* As TorchScript knows it: "__torch__.shapes.Point". */
WICK_API const char *wick_class_name(const wick_class *cls);
WICK_API int wick_class_is_enum(const wick_class *cls);
/* The attributes of an object, in the order of its items. */
WICK_API int32_t wick_class_attribute_count(const wick_class *cls);
/* Null when out of range. */
WICK_API const char *wick_class_attribute_name(const wick_class *cls, int32_t index);
/* Null when out of range, or when callers neither give nor get values of the kind. */
WICK_API const wick_type *wick_class_attribute_type(const wick_class *cls, int32_t index);
/* The members of an enumeration. */
WICK_API int32_t wick_class_member_count(const wick_class *cls);
/* Null when out of range. A member is owned by its class; as a value it is one reference to it (wick_value_retain). */
WICK_API const wick_member *wick_class_member(const wick_class *cls, int32_t index);
/* Null when there is no such member. */
WICK_API const wick_member *wick_class_find_member(const wick_class *cls, const char *name);
WICK_API const wick_class *wick_member_class(const wick_member *member);
WICK_API const char *wick_member_name(const wick_member *member);
/* An int, float or string; owned by the member. */
WICK_API const wick_value *wick_member_value(const wick_member *member);
/* An object of a class, as a sequence of its attributes, all of them None (wick_sequence_items). Objects are passed by
 * reference: what the program writes to one that it is given, the caller sees. Objects that refer to each other in a
 * circle are not released before the caller breaks it. Null when the class is an enumeration or memory is exhausted. */
WICK_API wick_sequence *wick_object_new(const wick_class *cls);
/* The class of an object; null for another sequence. */
WICK_API const wick_class *wick_object_class(const wick_sequence *object);

/*===--- random numbers ------------------------------------------------------*/

#define WICK_RANDOM_WORDS 624

/* A Mersenne Twister: its words, of which `next` are used, and the second of a pair of normal numbers. */
typedef struct wick_random {
  uint32_t words[WICK_RANDOM_WORDS];
  uint32_t next;
  uint64_t seed;
  double waiting;
  int32_t has_waiting;
} wick_random;

/* The generator that LibTorch has for the CPU: a seed gives the same numbers. Passed by reference: what the program
 * draws from one that it is given, the caller sees. One reference of it is a value (wick_value_release). Null when
 * memory is exhausted. */
WICK_API wick_generator *wick_generator_new(uint64_t seed);
WICK_API void wick_generator_save(wick_generator *generator, wick_random *state);
WICK_API void wick_generator_restore(wick_generator *generator, const wick_random *state);

/*===--- tensors -------------------------------------------------------------*/

/* A new contiguous tensor with undefined elements, 64-byte aligned. */
WICK_API wick_status wick_tensor_new(int32_t dtype, int32_t rank, const int64_t *sizes, wick_tensor **tensor,
                                     wick_error **error);
/* A tensor over memory of the caller. `strides` may be null: contiguous. When the last reference goes,
 * `deleter(deleter_context)` is called, on whichever thread that happens; null: never. The memory must stay valid
 * until then. Calls read tensors in place when they are contiguous and aligned to their element size; others are copied
 * first. */
WICK_API wick_status wick_tensor_borrow(void *data, int32_t dtype, int32_t rank, const int64_t *sizes,
                                        const int64_t *strides, void (*deleter)(void *), void *deleter_context,
                                        wick_tensor **tensor, wick_error **error);
/* The `deleter_context` of a borrowed tensor that was made with this deleter; null for any other. */
WICK_API void *wick_tensor_owner(const wick_tensor *tensor, void (*deleter)(void *));
WICK_API void wick_tensor_retain(wick_tensor *tensor);
/* Null is allowed. */
WICK_API void wick_tensor_release(wick_tensor *tensor);
/* Number of elements. */
WICK_API int64_t wick_tensor_count(const wick_tensor *tensor);
/* Bytes of one element; 0 for an unknown dtype. */
WICK_API int64_t wick_dtype_size(int32_t dtype);
/* "f32", "i64", "bool", ...; null for an unknown dtype. */
WICK_API const char *wick_dtype_name(int32_t dtype);
/* -1 for an unknown name. */
WICK_API int32_t wick_dtype_parse(const char *name);

/*===--- other values --------------------------------------------------------*/

/* Copies bytes, which may hold zeros. Null only when memory is exhausted. */
WICK_API wick_string *wick_string_new(const char *data, size_t bytes);
/* The bytes, with a NUL appended. `bytes` may be null. */
WICK_API const char *wick_string_data(const wick_string *string, size_t *bytes);
/* Null only when memory is exhausted. */
WICK_API wick_complex *wick_complex_new(double real, double imag);
/* A sequence of `count` Nones: the items of a list or tuple; key, value, key, value, ... of a dict.
 * Null only when memory is exhausted. */
WICK_API wick_sequence *wick_sequence_new(int64_t count);
WICK_API int64_t wick_sequence_count(const wick_sequence *sequence);
/* The items, which may be written until the sequence is shared; it owns the references stored in it. */
WICK_API wick_value *wick_sequence_items(wick_sequence *sequence);
/* Add or drop one reference to whatever the value refers to; nothing for plain values. */
WICK_API void wick_value_retain(const wick_value *value);
WICK_API void wick_value_release(const wick_value *value);

/*===--- sessions and calls --------------------------------------------------*/

typedef struct wick_session_options {
  uint32_t size;        /* sizeof(wick_session_options) */
  int32_t threads;      /* threads one call may use, the caller's included; 0: wick_default_threads() */
  int64_t memory_limit; /* bytes that the calls of the session together may hold at a time; 0: no limit */
  int64_t time_limit;   /* nanoseconds that a call may run; 0: no limit */
  wick_session *share;  /* whose state the new session shares, or null: one of the same module, or of another that was
                         * compiled from the same archive */
} wick_session_options;

WICK_API wick_status wick_session_new(wick_module *module, const wick_session_options *options, wick_session **session,
                                      wick_error **error);
WICK_API void wick_session_retain(wick_session *session);
WICK_API void wick_session_release(wick_session *session);
WICK_API wick_module *wick_session_module(const wick_session *session);
/* Starts the session's random numbers anew, as torch.manual_seed does LibTorch's; programs draw the numbers that they
 * draw there. A new session begins with a seed that nobody knows, or shares the stream with whom it shares the state.
 */
WICK_API void wick_session_seed(wick_session *session, uint64_t seed);
/* A new session with the same options and a copy of the state. */
WICK_API wick_status wick_session_copy(wick_session *session, wick_session **copy, wick_error **error);
/* A copy of the value that an attribute of the module has in the session; owned by the caller. */
WICK_API wick_status wick_session_get(wick_session *session, int32_t attribute, wick_value *value, wick_error **error);
/* Stores a copy of the value, which must be of the attribute's type. */
WICK_API wick_status wick_session_set(wick_session *session, int32_t attribute, const wick_value *value,
                                      wick_error **error);
/* From here to wick_session_unlock no other thread's call changes the session's state, which a call and the reading of
 * what it returned may need together. The thread may call and lock again. Of sessions that share their state all wait.
 */
WICK_API void wick_session_lock(wick_session *session);
WICK_API void wick_session_unlock(wick_session *session);
/* Ends the calls that run in the session now, on whatever threads, with WICK_ERROR_CANCELLED: soon, at the next
 * iteration of a loop or request for memory. A call that begins later is not concerned, and one that is about to end
 * may still succeed. What such a call has changed in the state stays, as after an error. */
WICK_API void wick_session_cancel(wick_session *session);

/* Tag of an argument that was not given: its default is taken. */
#define WICK_MISSING (-1)

/* Calls a method of the session's module. `args` holds `count` values in declared order; arguments
 * left out at the end, and those tagged WICK_MISSING, take their defaults. Arguments are borrowed
 * for the time of the call. The arguments are checked against the signature first; what does not fit
 * is WICK_ERROR_ARGUMENT. On success `*result` holds the returned value, owned by the caller
 * (wick_value_release); several values are a tuple, nothing is WICK_NONE. */
WICK_API wick_status wick_call(wick_session *session, const wick_method *method, const wick_value *args, int32_t count,
                               wick_value *result, wick_error **error);

#ifdef __cplusplus
}
#endif
#endif /* WICK_RUNTIME_WICK_H */
