//===- WriteTestArtifact.cpp - the test artifact as a file, for other tests -===//
#include "TestArtifact.h"

#include <fstream>

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  std::ofstream file(argv[1], std::ios::binary);
  file << wick::test::Parts::valid().zip();
  return file.flush() ? 0 : 1;
}
