// What runs before main() on a Cortex-M: our own, so that an image holds nothing that a C library brought along.
#include <cstdint>

int main();

extern "C" {
extern std::uint32_t image_data_source, image_data_begin, image_data_end, image_bss_begin, image_bss_end;
extern std::uint32_t image_stack_top;

[[noreturn]] void reset() {
  const std::uint32_t* from = &image_data_source;
  for (std::uint32_t* to = &image_data_begin; to != &image_data_end; ++to) *to = *from++;
  for (std::uint32_t* to = &image_bss_begin; to != &image_bss_end; ++to) *to = 0;
  main();
  for (;;) {}
}

// The stack's top and the first two exceptions: enough for a program without interrupts.
__attribute__((section(".vectors"), used)) const void* const image_vectors[] = {
    &image_stack_top, reinterpret_cast<const void*>(&reset), reinterpret_cast<const void*>(&reset)};
}
