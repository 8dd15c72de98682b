"""The boards that the firmware runs on, emulated, and how a program is built for them."""
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
HEADERS = "/usr/include/newlib/c++/12.2.1"


class Board:
    def __init__(self, machine, cpu, serial, clock_hz, flash, flash_size, ram, ram_size, stack_size):
        self.machine, self.cpu, self.clock_hz = machine, cpu, clock_hz
        self.kind, self.serial = serial
        self.memory = {"flash": flash, "flash_size": flash_size, "ram": ram, "ram_size": ram_size,
                       "stack_size": stack_size}

    def build(self, sources, out, *flags):
        """Links sources with our own start-up and without libstdc++; returns the image."""
        out.parent.mkdir(parents=True, exist_ok=True)
        memory = ",".join(f"--defsym=board_{name}={value:#x}" for name, value in self.memory.items())
        subprocess.run(
            ["arm-none-eabi-g++", "-std=c++17", f"-mcpu={self.cpu}", "-mthumb", "-Os", "-fno-exceptions", "-fno-rtti",
             "-ffunction-sections", "-fdata-sections", "-Wall", "-Wextra", "-Wno-register", "-Werror",
             "--specs=picolibc.specs", "-isystem", HEADERS, "-isystem", f"{HEADERS}/arm-none-eabi",
             f"-I{TOP}/include", f"-I{HERE}", "-DPICOCLAUDE_ENABLE_MBEDTLS=0", f"-DBOARD_{self.kind}",
             f"-DBOARD_SERIAL={self.serial:#x}", f"-DBOARD_CLOCK_HZ={self.clock_hz}", *flags,
             HERE / "cortex_m.cpp", HERE / "serial.cpp", *sources,
             "-nostartfiles", "-nodefaultlibs", "-T", HERE / "board.ld", f"-Wl,--gc-sections,{memory}",
             "-lc", "-lgcc", "-o", out], check=True)
        return out

    def run(self, image, *options, seconds=60):
        """(exit code, what it printed)"""
        done = subprocess.run(
            ["qemu-system-arm", "-M", self.machine, "-nographic", "-monitor", "none",
             "-semihosting-config", "enable=on,target=native", "-kernel", image, *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds)
        return done.returncode, done.stdout.decode("utf-8", "replace")


class Pico(Board):
    """The Raspberry Pi Pico's RP2040, by the npm package rp2040js. `folder` holds node_modules."""

    folder = None

    def run(self, image, *options, seconds=150):
        binary = image.with_suffix(".bin")
        subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", image, binary], check=True)
        port = options[-1].rsplit(":", 1)[1]
        done = subprocess.run(["node", HERE / "pico.mjs", binary, port, self.folder], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds)
        return done.returncode, done.stdout.decode("utf-8", "replace")


KB = 1024
BOARDS = {
    # 8 KB of RAM.
    "stm32vldiscovery": Board("stm32vldiscovery", "cortex-m3", ("STM32", 0x40013800), 24_000_000,
                              0x08000000, 128 * KB, 0x20000000, 8 * KB, 3 * KB),
    "microbit": Board("microbit", "cortex-m0", ("NRF51", 0x40002000), 16_000_000, 0, 256 * KB, 0x20000000, 16 * KB,
                      4 * KB),
    "netduinoplus2": Board("netduinoplus2", "cortex-m4", ("STM32", 0x40011000), 168_000_000,
                           0x08000000, 1024 * KB, 0x20000000, 128 * KB, 8 * KB),
    "mps2-an386": Board("mps2-an386", "cortex-m4", ("CMSDK", 0x40004000), 25_000_000, 0, 4096 * KB,
                        0x20000000, 4096 * KB, 8 * KB),
    "mps2-an505": Board("mps2-an505", "cortex-m33", ("CMSDK", 0x40200000), 20_000_000, 0x10000000, 4096 * KB,
                        0x38000000, 4096 * KB, 8 * KB),
    "pico": Pico("rp2040", "cortex-m0plus", ("RP2040", 0x40034000), 125_000_000, 0x10000000, 2048 * KB, 0x20000000,
                 256 * KB, 8 * KB),
}
