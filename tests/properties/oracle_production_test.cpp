// The same texts, fewer of them, with the limits of production.
#define ORACLE_PRODUCTION 1
#include "oracle_test.cpp"
