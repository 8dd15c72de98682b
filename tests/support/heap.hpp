// Counts what the program takes from the heap.
#pragma once

namespace heap {

// Calls of malloc, calloc, realloc and operator new since the program began.
unsigned long calls();
// malloc itself is counted, not only operator new: with glibc and without a sanitizer, which brings its own malloc.
bool counts_malloc();

}  // namespace heap
