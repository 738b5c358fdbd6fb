//===- Crc32.h - the checksum of zip entries ---------------------*- C++ -*-===//
#ifndef WICK_LIB_RUNTIME_CRC32_H
#define WICK_LIB_RUNTIME_CRC32_H

#include "Mapping.h"

namespace wick::runtime {
uint32_t crc32(Bytes bytes, uint32_t previous = 0);
} // namespace wick::runtime

#endif // WICK_LIB_RUNTIME_CRC32_H
