# Build functions shared by every directory of Wick.
#
# All compiler libraries are object libraries that end up in one libWickCompiler.so, linked to the
# packaged libMLIR.so so that TypeIDs are shared with plug-ins. They reuse one precompiled header
# (lib/Precompiled.h), which cuts an MLIR translation unit from about eleven seconds to two.
include_guard()

# add_wick_library(Name sources... [DEPENDS targets...])
# Declares one component of the compiler. DEPENDS names the TableGen targets it includes from.
function(add_wick_library name)
  cmake_parse_arguments(ARG "NO_PCH" "" "DEPENDS" ${ARGN})
  add_library(${name} OBJECT ${ARG_UNPARSED_ARGUMENTS})
  target_compile_options(${name} PRIVATE -fno-exceptions)
  if(NOT ARG_NO_PCH)
    target_precompile_headers(${name} REUSE_FROM WickPrecompiled)
    add_dependencies(${name} WickPrecompiled)
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  set_property(GLOBAL APPEND PROPERTY WICK_COMPILER_LIBS ${name})
endfunction()

# add_wick_tool(name sources...): an executable over libWickCompiler.so.
function(add_wick_tool name)
  add_executable(${name} ${ARGN})
  # The precompiled header was built with -fPIC, and -fPIE would not match it.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fno-exceptions -fPIC)
  target_precompile_headers(${name} REUSE_FROM WickPrecompiled)
  target_link_libraries(${name} PRIVATE WickCompiler)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# wick_tablegen(target td [-gen-x out.inc]...): TableGen outputs of one .td file, one target.
function(wick_tablegen target td)
  set(LLVM_TARGET_DEFINITIONS ${td})
  set(args ${ARGN})
  while(args)
    list(POP_FRONT args out)
    set(flags "")
    while(args)
      list(GET args 0 next)
      if(next MATCHES "\\.inc$")
        break()
      endif()
      list(POP_FRONT args flag)
      list(APPEND flags ${flag})
    endwhile()
    mlir_tablegen(${out} ${flags} -I ${CMAKE_SOURCE_DIR}/include)
  endwhile()
  add_public_tablegen_target(${target})
  set_property(GLOBAL APPEND PROPERTY WICK_TABLEGEN_TARGETS ${target})
endfunction()
