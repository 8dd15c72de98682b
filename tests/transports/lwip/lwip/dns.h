#pragma once
#include "tcp.h"
