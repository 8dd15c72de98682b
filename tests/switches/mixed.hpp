// One question, asked by three sources of one program that have different switches.
#pragma once
#include <string>

std::string asked_with_nothing();
std::string asked_with_images();
std::string asked_with_everything();
