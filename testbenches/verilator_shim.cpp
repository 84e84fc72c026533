// The C interface of a Verilator model in process: one source for all designs. What differs from design to design (its ports)
// is in design_ports.h, which is rendered from the design's interface. The caller is VerilatorLibrary.cs.
//
// No function lets an exception out, ends the process or prints: a design that stops returns a status and leaves a message.

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <string>

#include "verilated.h"
#include "verilated_syms.h"
#if HWGEN_TRACE
#include "verilated_vcd_c.h"
#endif
#if HWGEN_COVERAGE
#include "verilated_cov.h"
#endif

#include "Vdesign.h"

namespace {

// Values of SimulationStatus in VerilatorLibrary.cs.
enum Status : int32_t { Running = 0, LimitReached = 1, Finished = 2, Stopped = 3, Failed = 4 };

struct BoundPort {
    void* data;      // the model's own variable
    uint32_t width;  // bits
};

void bind(BoundPort& port, void* data, uint32_t width) {
    port.data = data;
    port.width = width;
}

}  // namespace

#include "design_ports.h"

namespace {

constexpr size_t most_output = 1 << 20;

// What the model reports while it runs; outlives a constructor that throws.
struct Report {
    Status status = Running;
    std::string message;
    std::string output;
};

thread_local Report* current_report = nullptr;

struct ModelStopped {};

// The context must be set up before the model's constructor draws its random initial values from it.
struct Instance {
    Report report;
    VerilatedContext context;
    std::unique_ptr<Vdesign> model;
    BoundPort ports[port_count > 0 ? port_count : 1];
#if HWGEN_TRACE
    std::unique_ptr<VerilatedVcdC> trace;
#endif
};

size_t byte_count(uint32_t width) {
    if (width <= 8) return 1;
    if (width <= 16) return 2;
    if (width <= 32) return 4;
    if (width <= 64) return 8;
    return static_cast<size_t>((width + 31) / 32) * 4;
}

uint64_t read_narrow(const BoundPort& port) {
    uint64_t value = 0;
    std::memcpy(&value, port.data, byte_count(port.width));
    return value;
}

// The caller's values are 64-bit words, least significant first; the model's are 8 to 64 bits or an array of 32-bit
// words. On a little-endian machine the first bytes of both are the same.
const uint64_t* poke(const BoundPort& port, const uint64_t* words) {
    std::memcpy(port.data, words, byte_count(port.width));
    return words + (port.width + 63) / 64;
}

uint64_t* peek(const BoundPort& port, uint64_t* words) {
    const size_t count = (port.width + 63) / 64;
    words[count - 1] = 0;
    std::memcpy(words, port.data, byte_count(port.width));
    return words + count;
}

#if HWGEN_TRACE
void dump(Instance* instance, uint64_t offset) {
    if (instance->trace) instance->trace->dump(instance->context.time() + offset);
}
#endif

void cycle(Instance* instance, CData* clock) {
#if HWGEN_TRACE
    dump(instance, 2);
#endif
    *clock = 1;
    instance->model->eval();
#if HWGEN_TRACE
    dump(instance, 5);
#endif
    *clock = 0;
    instance->model->eval();
#if HWGEN_TRACE
    dump(instance, 10);
#endif
    instance->context.timeInc(10);
}

CData* clock_of(Instance* instance, int32_t clock) { return static_cast<CData*>(instance->ports[clock].data); }

// Runs a call with the model's reports going to it; whatever is thrown becomes a status.
template <typename Action>
int32_t guarded(Report& report, Action action) {
    current_report = &report;
    try {
        if (report.status == Running) action();
    } catch (const ModelStopped&) {
    } catch (const std::exception& exception) {
        report.status = Failed;
        report.message = exception.what();
    } catch (...) {
        report.status = Failed;
        report.message = "unknown exception";
    }
    current_report = nullptr;
    return report.status;
}

template <typename Action>
int32_t guarded(Instance* instance, Action action) {
    Verilated::threadContextp(&instance->context);
    return guarded(instance->report, action);
}

void stop(Status status, const char* file, int line, const char* text) {
    if (!current_report || current_report->status != Running) return;
    current_report->status = status;
    current_report->message = text;
    if (file && file[0]) current_report->message += std::string(" at ") + file + ":" + std::to_string(line);
}

}  // namespace

// What the runtime calls instead of ending the process.
void vl_finish(const char* file, int line, const char*) VL_MT_UNSAFE { stop(Finished, file, line, "$finish"); }

void vl_stop(const char* file, int line, const char*) VL_MT_UNSAFE { stop(Stopped, file, line, "$stop or a failed assertion"); }

void vl_fatal(const char* file, int line, const char*, const char* text) VL_MT_UNSAFE {
    stop(Failed, file, line, text);
    throw ModelStopped{};
}

void vl_warn(const char* file, int line, const char*, const char* text) VL_MT_UNSAFE { hwgen_print("%s:%d: %s\n", file, line, text); }

extern "C" {

int hwgen_print(const char* format, ...) {
    char buffer[4096];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    if (length > 0 && current_report) {
        std::string& output = current_report->output;
        const size_t kept = std::min<size_t>(static_cast<size_t>(length), sizeof buffer - 1);
        output.append(buffer, std::min(kept, most_output - output.size()));
    }
    return length;
}

#define HWGEN_EXPORT __attribute__((visibility("default")))

// Makes a model with all inputs 0; null and a message when the design stops at once.
HWGEN_EXPORT Instance* hwgen_create(int32_t seed, char* message, int32_t message_size) {
    // The runtime's generator of initial values is guarded by nothing: a second constructor would restart it for the first.
    static std::mutex construction;
    const std::lock_guard<std::mutex> lock{construction};
    std::unique_ptr<Instance> instance;
    Report report;
    const int32_t status = guarded(report, [&] {
        instance.reset(new Instance);
        Verilated::threadContextp(&instance->context);
        instance->context.randReset(2);
        instance->context.randSeed(seed);
        // For the design's own values at power-up, where it is given with a module that sets them.
        const std::string seed_argument = "+hwgen_seed=" + std::to_string(static_cast<uint32_t>(seed));
        const char* arguments[] = {"hwgen", seed_argument.c_str()};
        instance->context.commandArgs(2, arguments);
#if HWGEN_TRACE
        instance->context.traceEverOn(true);
#endif
        instance->model.reset(new Vdesign{&instance->context, "TOP"});
        bind_ports(*instance->model, instance->ports);
        clear_inputs(instance->ports);
        instance->model->eval();
    });
    if (!instance || !instance->model) {
        snprintf(message, static_cast<size_t>(message_size), "%s", report.message.c_str());
        return nullptr;
    }
    instance->report = report;
    (void)status;
    return instance.release();
}

HWGEN_EXPORT void hwgen_destroy(Instance* instance) {
    if (!instance) return;
    Verilated::threadContextp(&instance->context);
    current_report = &instance->report;
    try {
#if HWGEN_TRACE
        if (instance->trace) instance->trace->close();
        instance->trace.reset();
#endif
        instance->model.reset();
    } catch (...) {
    }
    current_report = nullptr;
    delete instance;
}

HWGEN_EXPORT int32_t hwgen_port_count() { return port_count; }

HWGEN_EXPORT void* hwgen_port_data(Instance* instance, int32_t port) { return instance->ports[port].data; }

HWGEN_EXPORT int32_t hwgen_evaluate(Instance* instance) {
    return guarded(instance, [&] { instance->model->eval(); });
}

// The same with an instant of its own in the trace: 10 ns after the one before.
HWGEN_EXPORT int32_t hwgen_evaluate_instant(Instance* instance) {
    return guarded(instance, [&] {
        instance->model->eval();
        instance->context.timeInc(10);
#if HWGEN_TRACE
        dump(instance, 0);
#endif
    });
}

HWGEN_EXPORT int32_t hwgen_step(Instance* instance, int32_t clock, int64_t cycles) {
    return guarded(instance, [&] {
        CData* const clock_data = clock_of(instance, clock);
        for (int64_t done = 0; done < cycles && instance->report.status == Running; ++done) cycle(instance, clock_data);
    });
}

HWGEN_EXPORT int32_t hwgen_run_until(Instance* instance, int32_t clock, int32_t port, uint64_t value, int64_t limit, int64_t* done) {
    *done = 0;
    bool is_reached = false;
    const int32_t status = guarded(instance, [&] {
        CData* const clock_data = clock_of(instance, clock);
        const BoundPort& watched = instance->ports[port];
        instance->model->eval();
        while (instance->report.status == Running && !(is_reached = read_narrow(watched) == value) && *done < limit) {
            cycle(instance, clock_data);
            ++*done;
        }
    });
    return status == Running && !is_reached ? LimitReached : status;
}

HWGEN_EXPORT int32_t hwgen_run_sequence(Instance* instance, int32_t clock, int64_t cycles, int64_t rows, const int32_t* inputs,
                                        int32_t input_count, const uint64_t* input_words, const int32_t* outputs,
                                        int32_t output_count, uint64_t* output_words) {
    return guarded(instance, [&] {
        CData* const clock_data = clock_of(instance, clock);
        for (int64_t row = 0; row < rows; ++row) {
            for (int32_t index = 0; index < input_count; ++index) input_words = poke(instance->ports[inputs[index]], input_words);
            // An input that resets at once must not share its instant with the edge.
            instance->model->eval();
            for (int64_t done = 0; done < cycles; ++done) {
                cycle(instance, clock_data);
                if (instance->report.status != Running) return;
            }
            for (int32_t index = 0; index < output_count; ++index) output_words = peek(instance->ports[outputs[index]], output_words);
        }
    });
}

// Finds the words of a memory; null when the model has no such variable of that shape.
HWGEN_EXPORT void* hwgen_memory(Instance* instance, const char* scope, const char* variable, int32_t width, int32_t depth) {
    void* data = nullptr;
    guarded(instance, [&] {
        const VerilatedScope* const found = Verilated::scopeFind(scope);
        VerilatedVar* const entry = found ? found->varFind(variable) : nullptr;
        if (!entry) return;
        // Words of one bit without a range are noted as one vector of that length.
        const bool is_bits = width == 1 && entry->udims() == 0;
        if (!is_bits && (entry->udims() != 1 || entry->packed().elements() != width)) return;
        const VerilatedRange& words = is_bits ? entry->packed() : entry->unpacked();
        if (words.low() == 0 && words.elements() == depth && entry->entSize() == byte_count(static_cast<uint32_t>(width))) data = entry->datap();
    });
    return data;
}

HWGEN_EXPORT int32_t hwgen_trace_start(Instance* instance, const char* path) {
#if HWGEN_TRACE
    int32_t is_open = 0;
    guarded(instance, [&] {
        instance->trace.reset(new VerilatedVcdC);
        instance->model->trace(instance->trace.get(), 99);
        instance->trace->open(path);
        is_open = instance->trace->isOpen();
        if (is_open) {
            instance->model->eval();
            instance->trace->dump(instance->context.time());
        } else {
            instance->trace.reset();
        }
    });
    return is_open;
#else
    (void)instance;
    (void)path;
    return 0;
#endif
}

HWGEN_EXPORT int32_t hwgen_write_coverage(Instance* instance, const char* path) {
#if HWGEN_COVERAGE
    return guarded(instance->report, [&] { instance->context.coveragep()->write(path); });
#else
    (void)path;
    return instance->report.status;
#endif
}

HWGEN_EXPORT void hwgen_trace_stop(Instance* instance) {
#if HWGEN_TRACE
    guarded(instance->report, [] {});
    if (instance->trace) instance->trace->close();
    instance->trace.reset();
#else
    (void)instance;
#endif
}

// Copies the message of a stop, ended by 0 and cut to the size.
HWGEN_EXPORT void hwgen_message(const Instance* instance, char* message, int32_t size) {
    snprintf(message, static_cast<size_t>(size), "%s", instance->report.message.c_str());
}

// Moves what the design printed into the buffer; returns the bytes. Called until it returns 0.
HWGEN_EXPORT int32_t hwgen_take_output(Instance* instance, char* buffer, int32_t size) {
    std::string& output = instance->report.output;
    const size_t count = std::min(output.size(), static_cast<size_t>(size));
    std::memcpy(buffer, output.data(), count);
    output.erase(0, count);
    return static_cast<int32_t>(count);
}

}  // extern "C"
