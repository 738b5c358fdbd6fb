//===- OperatorTypes.cpp - asks LibTorch what an operator returns ------------===//
#include "wick/Import/OperatorTypes.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace wick;
using llvm::StringRef;

std::string wick::findReader() {
  if (auto path = llvm::sys::Process::GetEnv("WICK_READ"))
    return *path;
  static int anchor;
  std::string self = llvm::sys::fs::getMainExecutable("wick", &anchor);
  llvm::SmallString<128> beside(llvm::sys::path::parent_path(self));
  llvm::sys::path::append(beside, "wick-read");
  if (llvm::sys::fs::can_execute(beside))
    return beside.str().str();
  return llvm::sys::findProgramByName("wick-read").get();
}

namespace {
/// A reader that answers requests, one line each, as long as this process lives: its start takes longer than
/// hundreds of answers.
class InferenceChild {
public:
  ~InferenceChild() { end(); }

  /// The answer to a request; none when there is none, be it that LibTorch has ended the child or does not come back.
  std::optional<std::string> ask(StringRef request) {
    if (channel < 0 && !start())
      return std::nullopt;
    std::string line = (request + "\n").str(), answer;
    for (StringRef rest = line; !rest.empty();) {
      ssize_t sent = send(channel, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0)
        return end();
      rest = rest.drop_front(sent);
    }
    while (true) {
      pollfd ready{channel, POLLIN, 0};
      constexpr int kMilliseconds = 60000;
      char buffer[4096];
      ssize_t count = poll(&ready, 1, kMilliseconds) == 1 ? recv(channel, buffer, sizeof buffer, 0) : 0;
      if (count <= 0)
        return end();
      answer.append(buffer, count);
      if (StringRef(answer).ends_with("\n"))
        break;
    }
    answer.pop_back();
    return answer.empty() ? std::nullopt : std::optional(std::move(answer));
  }

private:
  bool start() {
    std::string program = findReader();
    int ends[2];
    if (program.empty() || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
      return false;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const char *arguments[] = {"wick-read", "--infer", nullptr};
    int status = posix_spawn(&child, program.c_str(), &actions, nullptr, const_cast<char **>(arguments), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (status) {
      close(ends[0]);
      return false;
    }
    channel = ends[0];
    return true;
  }

  std::nullopt_t end() {
    if (channel >= 0) {
      close(channel);
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
    channel = -1;
    return std::nullopt;
  }

  int channel = -1;
  pid_t child = 0;
};
} // namespace

std::optional<std::string> wick::inferOperatorResults(StringRef request) {
  static std::mutex mutex;
  static InferenceChild child;
  static llvm::StringMap<std::optional<std::string>> known;
  std::lock_guard<std::mutex> lock(mutex);
  auto [entry, isNew] = known.try_emplace(request);
  if (isNew)
    entry->second = child.ask(request);
  return entry->second;
}
