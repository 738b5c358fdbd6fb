//===- Print.h - values as text ----------------------------------*- C++ -*-===//
#ifndef WICK_TOOLS_WICK_RUN_PRINT_H
#define WICK_TOOLS_WICK_RUN_PRINT_H

#include "Value.h"

namespace wick::tools {

/// A value for people: of a tensor its type and first elements.
std::string valueText(const wick_value &value);

} // namespace wick::tools

#endif // WICK_TOOLS_WICK_RUN_PRINT_H
