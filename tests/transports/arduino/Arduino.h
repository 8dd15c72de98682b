// What examples/transports/arduino.hpp uses of an Arduino core.
#pragma once
#include <stddef.h>
#include <stdint.h>
unsigned long millis();
void delay(unsigned long ms);
