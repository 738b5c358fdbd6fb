//===- Crc32.cpp - CRC-32 (IEEE 802.3), sixteen bytes a step ----------------===//
#include "Crc32.h"

#include <array>
#include <cstring>

using namespace wick::runtime;

/// tables[k][b]: the CRC of byte b followed by k zero bytes.
using Tables = std::array<std::array<uint32_t, 256>, 16>;

static constexpr Tables makeTables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
    tables[0][byte] = crc;
  }
  for (size_t k = 1; k < tables.size(); ++k)
    for (uint32_t byte = 0; byte < 256; ++byte)
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xFF];
  return tables;
}

static constexpr Tables tables = makeTables();

uint32_t wick::runtime::crc32(Bytes bytes, uint32_t previous) {
  uint32_t crc = ~previous;
  const uint8_t *at = bytes.data(), *end = at + bytes.size();
  for (; end - at >= 16; at += 16) {
    uint8_t block[16];
    std::memcpy(block, at, 16);
    for (int i = 0; i < 4; ++i)
      block[i] ^= crc >> (8 * i);
    crc = 0;
    for (int i = 0; i < 16; ++i)
      crc ^= tables[15 - i][block[i]];
  }
  for (; at < end; ++at)
    crc = (crc >> 8) ^ tables[0][(crc ^ *at) & 0xFF];
  return ~crc;
}
