// Plays the bus of a core in Verilator under its C driver: loads the network, runs a program an image, compares every word of the results with what is expected.
// NAME is the prefix of the driver, HEADER its header. Arguments: load.hex load.stream.hex image.hex image.stream.hex, then for each image input.hex expected.hex.
// A faulty program is run as well: the driver must say which error it is, and where. Ends with 0 when all is as expected.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include HEADER
#include "Vcore.h"
#include "verilated.h"

#define JOIN_(left, right) left##_##right
#define JOIN(left, right) JOIN_(left, right)
#define DRIVER(name) JOIN(NAME, name)

namespace {

using Words = std::vector<uint32_t>;
constexpr long Patience = 10000000;

Words read_words(const char* path) {
    std::ifstream file(path);
    if (!file) {
        std::fprintf(stderr, "cannot read %s\n", path);
        std::exit(2);
    }
    Words words;
    for (std::string line; std::getline(file, line);) {
        words.push_back(static_cast<uint32_t>(std::stoul(line, nullptr, 16)));
    }
    return words;
}

class Bus {
public:
    Bus() {
        core_.aresetn = 0;
        cycle();
        cycle();
        core_.aresetn = 1;
        cycle();
    }

    uint32_t read(uint32_t offset) {
        core_.s_axil_araddr = offset;
        core_.s_axil_arvalid = 1;
        core_.s_axil_rready = 1;
        for (bool asked = false;;) {
            core_.eval();
            const bool goes = core_.s_axil_arvalid && core_.s_axil_arready, answered = core_.s_axil_rvalid;
            const uint32_t data = core_.s_axil_rdata;
            cycle();
            asked |= goes;
            core_.s_axil_arvalid = !asked;
            if (answered) {
                core_.s_axil_rready = 0;
                return data;
            }
        }
    }

    void write(uint32_t offset, uint32_t value) {
        core_.s_axil_awaddr = offset;
        core_.s_axil_wdata = value;
        core_.s_axil_wstrb = 0xf;
        core_.s_axil_awvalid = core_.s_axil_wvalid = core_.s_axil_bready = 1;
        for (;;) {
            core_.eval();
            const bool address = core_.s_axil_awvalid && core_.s_axil_awready, data = core_.s_axil_wvalid && core_.s_axil_wready, answered = core_.s_axil_bvalid;
            cycle();
            if (address) core_.s_axil_awvalid = 0;
            if (data) core_.s_axil_wvalid = 0;
            if (answered) {
                core_.s_axil_bready = 0;
                return;
            }
        }
    }

    // Late at random on both streams, as a host is.
    size_t transfer(const uint32_t* input, size_t input_words, uint32_t* output, size_t output_words) {
        size_t given = 0, taken = 0;
        for (long waited = 0; (given < input_words || taken < output_words) && waited < Patience; waited++) {
            if (!core_.s_axis_tvalid && given < input_words && random_() % 3 != 0) {
                core_.s_axis_tvalid = 1;
                core_.s_axis_tdata = input[given];
            }
            core_.m_axis_tready = taken < output_words && random_() % 3 != 0;
            core_.eval();
            const bool gives = core_.s_axis_tvalid && core_.s_axis_tready, takes = core_.m_axis_tvalid && core_.m_axis_tready;
            if (takes) output[taken++] = core_.m_axis_tdata;
            const bool ended = core_.interrupt_request && !core_.m_axis_tvalid;
            cycle();
            if (gives) {
                given++;
                core_.s_axis_tvalid = 0;
            }
            if (ended) break;
        }
        core_.m_axis_tready = 0;
        return taken;
    }

    int wait() {
        for (long waited = 0; waited < Patience; waited++) {
            if (core_.interrupt_request) return 0;
            cycle();
        }
        return -1;
    }

private:
    void cycle() {
        core_.aclk = 0;
        core_.eval();
        core_.aclk = 1;
        core_.eval();
        core_.aclk = 0;
        core_.eval();
    }

    Vcore core_;
    std::mt19937 random_{1};
};

Words joined(Words left, const Words& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

}  // namespace

double sc_time_stamp() { return 0; }

int main(int count, char** arguments) {
    if (count < 7 || count % 2 != 1) return 2;
    Verilated::randReset(2);
    Bus bus;
    struct DRIVER(host) host;
    host.context = &bus;
    host.read = [](void* context, uint32_t offset) { return static_cast<Bus*>(context)->read(offset); };
    host.write = [](void* context, uint32_t offset, uint32_t value) { static_cast<Bus*>(context)->write(offset, value); };
    host.transfer = [](void* context, const uint32_t* input, size_t inputs, uint32_t* output, size_t outputs) { return static_cast<Bus*>(context)->transfer(input, inputs, output, outputs); };
    host.wait = [](void* context) { return static_cast<Bus*>(context)->wait(); };
    struct DRIVER(result) result;
    const Words load = read_words(arguments[1]), records = read_words(arguments[2]), image = read_words(arguments[3]), reloads = read_words(arguments[4]);
    if (DRIVER(probe)(&host) != 0) return std::puts("the core is not the driver's"), 1;
    if (DRIVER(load)(&host, 0, load.data(), load.size()) != 0 || DRIVER(run)(&host, 0, records.data(), records.size(), nullptr, 0, &result) != 0) return std::puts("the network does not load"), 1;
    if (DRIVER(load)(&host, 0, image.data(), image.size()) != 0) return std::puts("the program does not load"), 1;
    long compared = 0, different = 0;
    for (int i = 5; i < count; i += 2) {
        const Words input = joined(read_words(arguments[i]), reloads), expected = read_words(arguments[i + 1]);
        Words output(expected.size());
        if (DRIVER(run)(&host, 0, input.data(), input.size(), output.data(), output.size(), &result) != 0) return std::printf("stopped: error %u at %u\n", result.error, result.program_counter), 1;
        for (size_t k = 0; k < expected.size(); k++, compared++) different += output[k] != expected[k];
        std::printf("image %d: %llu cycles, %llu of layers, %llu waits\n", (i - 5) / 2, static_cast<unsigned long long>(result.program_cycles),
            static_cast<unsigned long long>(result.layer_cycles), static_cast<unsigned long long>(result.input_stalls + result.output_stalls));
    }
    const uint32_t wrong[] = {2u << 26, 0xffffffffu};
    if (DRIVER(load)(&host, 0, wrong, 2) != 0 || DRIVER(run)(&host, 0, nullptr, 0, nullptr, 0, &result) == 0 || result.error != 1 || result.program_counter != 1) return std::puts("a faulty program is not told"), 1;
    std::printf("compared %ld values: %ld differ\n", compared, different);
    return compared > 0 && different == 0 ? 0 : 1;
}
