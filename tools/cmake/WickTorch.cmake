# How wick-read and libwick_aten.so, the only parts that need LibTorch, find and link it.
include_guard()

if(NOT WICK_TORCH_DIR)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  execute_process(
    COMMAND ${Python3_EXECUTABLE} -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
    OUTPUT_VARIABLE torch_dir OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
  if(failed)
    message(FATAL_ERROR "wick-read needs the torch package: './dev setup' installs it, or set WICK_TORCH_DIR")
  endif()
  set(WICK_TORCH_DIR ${torch_dir} CACHE PATH "Directory of the installed torch package" FORCE)
endif()

function(wick_use_torch target)
  target_include_directories(${target} SYSTEM PRIVATE
    ${WICK_TORCH_DIR}/include ${WICK_TORCH_DIR}/include/torch/csrc/api/include)
  target_link_directories(${target} PRIVATE ${WICK_TORCH_DIR}/lib)
  target_link_libraries(${target} PRIVATE -Wl,--no-as-needed torch_cpu c10 -Wl,--as-needed)
  # The few kilobytes of optimised code are not worth the compile time of LibTorch's headers.
  target_compile_options(${target} PRIVATE -O1 -Wno-unused-function)
endfunction()
