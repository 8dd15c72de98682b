// What examples/transports/zephyr.hpp uses of Zephyr, declared as there; the bodies are the test's.
#pragma once
#include <stdint.h>
extern "C" {
uint32_t k_uptime_get_32(void);
int32_t k_msleep(int32_t ms);
}
