/// Starting and driving an interpreter inside another program.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
