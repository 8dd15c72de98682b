#pragma once
#include "esp_err.h"
extern "C" int64_t esp_timer_get_time(void);
