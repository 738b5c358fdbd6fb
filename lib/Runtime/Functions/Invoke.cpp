//===- Invoke.cpp - calls of operators by generated code ---------------------===//
#include "Functions.h"

using namespace wick::runtime;

const wick_value &Arguments::expect(int64_t i, int32_t tag) const {
  const wick_value &value = (*this)[i];
  if (value.tag != tag)
    fail(WICK_ERROR_UNSUPPORTED, "argument ", i, " of an operator is of kind ", value.tag, ", expected ", tag);
  return value;
}

wick_value Arguments::keepComplex(std::complex<double> number) const {
  auto complex = std::make_unique<Complex>(number.real(), number.imag());
  complex->charge.grow(sizeof(Complex));
  return keep(makeReference(WICK_COMPLEX_VALUE, static_cast<wick_complex *>(complex.release())));
}

wick_value Arguments::keepText(std::string text) const {
  auto string = std::make_unique<wick_string>();
  string->charge.grow(text.capacity());
  string->text = std::move(text);
  return keep(makeReference(WICK_STRING_VALUE, string.release()));
}

wick_value Arguments::keepSequence(int32_t tag, std::unique_ptr<wick_sequence> sequence) const {
  return keep(makeReference(tag, sequence.release()));
}

using Function = wick_value (*)(const Arguments &);

static constexpr Function functions[] = {
#define WICK_FUNCTION(name, schema) run<WICK_FN_##name>,
#include "wick/Runtime/Functions.def"
};

int32_t wick::runtime::invoke(wick_context *ctx, int32_t function, const wick_value *args, int64_t count,
                              wick_value *result, int32_t location) noexcept {
  if (checkInterrupted(ctx))
    return WICK_ERROR_CANCELLED;
  Error error;
  try {
    if (function < 0 || function >= WICK_FUNCTION_COUNT)
      fail(WICK_ERROR_UNSUPPORTED, "operator ", function, " is not known to this runtime");
    wick_value value = functions[function](Arguments(*static_cast<Frame *>(ctx), args, count));
    if (result)
      *result = value;
    return WICK_OK;
  } catch (Error &thrown) {
    error = std::move(thrown);
  } catch (...) { // only memory can be missing, or a length too large
    raiseMemory(ctx);
    return WICK_ERROR_MEMORY;
  }
  return raiseError(ctx, error.status, error.cls.data(), error.cls.size(), error.message.data(), error.message.size(),
                    location);
}
