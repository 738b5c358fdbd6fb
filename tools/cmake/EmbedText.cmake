# Writes the text file INPUT as C++ string literals to OUTPUT, to be included where a string stands.
file(READ ${INPUT} text)
string(LENGTH "${text}" length)
set(result "")
set(at 0)
# Compilers promise literals of 64 KiB; adjacent ones are one.
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 32000 part)
  string(APPEND result "R\"wick(${part})wick\"\n")
  math(EXPR at "${at} + 32000")
endwhile()
file(WRITE ${OUTPUT} "${result}")
