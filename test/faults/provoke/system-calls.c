/*
 * Runs a command and does something at its n-th system call that changes something below a folder, before it is made.
 *
 *   system-calls ROOT CALLS ACTION AT UNTIL REPORT COMMAND [WORD...]
 *
 * CALLS are names of the table below, with commas between. Calls are counted over all processes and threads of the command, in the
 * order in which they arrive, from 1. ACTION, for those from AT to UNTIL: `none`, `kill`, `signal=N`, `error=ERRNO`, `delay=MS`,
 * `power` (the file system of ROOT is shut down and loses what it did not write out, then the process is killed), `power-after` (the same when
 * the command has ended), `run=COMMAND` (a shell's;
 * when it fails, the next call is tried), `run-kill=COMMAND`. REPORT becomes one line: how many calls there were, and name and path of the
 * first that something was done at. Ends as the command ended, by its signal too; with 125 where the system has no such thing.
 *
 * The kernel hands over the calls by seccomp's user notification: nothing is traced, so nothing else of the command becomes slower.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "this machine's system calls are not known here"
#endif
#define SHUTDOWN _IOR('X', 125, uint32_t)
#define WITHOUT_FLUSHING_THE_JOURNAL 2
#define UNAVAILABLE 125
#define LONGEST_WAIT_MS 60000

/* Which argument says what is changed: a path (with the folder that it begins in) or an open file; -1 where there is none. */
struct call {
  const char *name;
  long number;
  int folder, path, file, flags;
};
#define BY_PATH(name, path) {#name, SYS_##name, -1, path, -1, -1}
#define BELOW(name, folder, path) {#name, SYS_##name, folder, path, -1, -1}
#define BY_FILE(name, file) {#name, SYS_##name, -1, -1, file, -1}
static const struct call calls[] = {
#ifdef __x86_64__
    {"open", SYS_open, -1, 0, -1, 1},
    BY_PATH(creat, 0), BY_PATH(mkdir, 0), BY_PATH(rmdir, 0), BY_PATH(unlink, 0), BY_PATH(rename, 1), BY_PATH(link, 1),
    BY_PATH(symlink, 1), BY_PATH(chmod, 0), BY_PATH(chown, 0), BY_PATH(utime, 0), BY_PATH(utimes, 0), BELOW(futimesat, 0, 1),
#endif
    {"openat", SYS_openat, 0, 1, -1, 2},
    BY_PATH(truncate, 0), BELOW(mkdirat, 0, 1), BELOW(unlinkat, 0, 1), BELOW(renameat2, 2, 3), BELOW(linkat, 2, 3),
    BELOW(symlinkat, 1, 2), BELOW(fchmodat, 0, 1), BELOW(fchownat, 0, 1), BELOW(utimensat, 0, 1),
#ifdef SYS_renameat
    BELOW(renameat, 2, 3),
#endif
    BY_FILE(write, 0), BY_FILE(pwrite64, 0), BY_FILE(writev, 0), BY_FILE(pwritev, 0), BY_FILE(ftruncate, 0),
    BY_FILE(fallocate, 0), BY_FILE(copy_file_range, 2), BY_FILE(sendfile, 0), BY_FILE(fchmod, 0), BY_FILE(fchown, 0),
    BY_FILE(fsync, 0), BY_FILE(fdatasync, 0), BY_FILE(syncfs, 0),
    BY_FILE(read, 0), BY_FILE(pread64, 0), BY_FILE(readv, 0), BY_FILE(mmap, 4),
};
#define CALLS (sizeof calls / sizeof *calls)

static struct {
  const char *root, *action, *report;
  long at, until, seen;
  int is_wanted[CALLS];
  int root_file;
  char first[5000];
} job;

static void fail(const char *what) {
  fprintf(stderr, "system-calls: %s: %s\n", what, strerror(errno));
  _exit(UNAVAILABLE);
}

static void choose_calls(char *names) {
  for (char *name = strtok(names, ","); name; name = strtok(NULL, ","))
    for (size_t i = 0; i < CALLS; i++)
      if (!strcmp(name, calls[i].name)) job.is_wanted[i] = 1;
}

/* Only what opens a file to make or to empty it changes something. */
static int install_filter(void) {
  struct sock_filter code[4 + 5 * CALLS + 1], *next = code;
  *next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
  *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
  *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  *next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (size_t i = 0; i < CALLS; i++) {
    if (!job.is_wanted[i]) continue;
    int flags = calls[i].flags;
    *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i].number, 0, flags < 0 ? 1 : 4);
    if (flags >= 0) {
      *next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * flags);
      *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_TRUNC, 1, 0);
      *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
  }
  *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  struct sock_fprog program = {.len = (unsigned short)(next - code), .filter = code};
  unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
  int listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
  return listener >= 0 ? listener : (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

union handover {
  struct cmsghdr header;
  char space[CMSG_SPACE(sizeof(int))];
};

static void send_file(int channel, int file) {
  char byte = 0;
  struct iovec data = {&byte, 1};
  union handover control = {0};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof file)};
  memcpy(CMSG_DATA(header), &file, sizeof file);
  if (sendmsg(channel, &message, 0) != 1) fail("sendmsg");
}

static int receive_file(int channel) {
  char byte;
  int file;
  struct iovec data = {&byte, 1};
  union handover control;
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  if (recvmsg(channel, &message, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&message)) return -1;
  memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof file);
  return file;
}

static void read_link(pid_t task, const char *what, int number, char *into, size_t size) {
  char name[64];
  snprintf(name, sizeof name, number < 0 ? "/proc/%d/%s" : "/proc/%d/%s/%d", task, what, number);
  ssize_t length = readlink(name, into, size - 1);
  into[length < 0 ? 0 : length] = 0;
}

static void read_text(pid_t task, uint64_t address, char *into, size_t size) {
  into[0] = 0;
  /* A page at a time: behind the text there may be nothing. */
  for (size_t done = 0; done + 1 < size;) {
    size_t step = 4096 - (address + done) % 4096;
    if (step > size - 1 - done) step = size - 1 - done;
    struct iovec here = {into + done, step}, there = {(void *)(uintptr_t)(address + done), step};
    ssize_t got = process_vm_readv(task, &here, 1, &there, 1, 0);
    if (got <= 0) return;
    into[done + (size_t)got] = 0;
    if (memchr(into + done, 0, (size_t)got)) return;
    done += (size_t)got;
  }
}

/* Path of what the call changes; empty where it can't be told. */
static void changed_path(const struct call *call, const struct seccomp_notif *notice, char *into, size_t size) {
  const uint64_t *words = (const uint64_t *)notice->data.args;
  pid_t task = (pid_t)notice->pid;
  if (call->file >= 0) return read_link(task, "fd", (int)words[call->file], into, size);
  char text[4096], start[4096] = "";
  if (words[call->path]) read_text(task, words[call->path], text, sizeof text);
  else text[0] = 0;
  int folder = call->folder < 0 ? AT_FDCWD : (int)words[call->folder];
  if (text[0] != '/') read_link(task, folder == AT_FDCWD ? "cwd" : "fd", folder == AT_FDCWD ? -1 : folder, start, sizeof start);
  snprintf(into, size, text[0] == '/' || text[0] == 0 ? "%s%s" : "%s/%s", start, text);
}

static int is_below_root(const char *path) {
  size_t length = strlen(job.root);
  return !strncmp(path, job.root, length) && (path[length] == '/' || path[length] == 0);
}

static const struct call *call_of(long number) {
  for (size_t i = 0; i < CALLS; i++)
    if (calls[i].number == number) return &calls[i];
  return NULL;
}

static void cut_power(void) {
  uint32_t how = WITHOUT_FLUSHING_THE_JOURNAL;
  if (ioctl(job.root_file, SHUTDOWN, &how) != 0) fail("shutdown");
}

/* What the call is answered with: 0 where it is to be made. */
static int act(pid_t task) {
  const char *value = strchr(job.action, '=');
  value = value ? value + 1 : "";
  if (!strncmp(job.action, "error=", 6)) return -atoi(value);
  if (!strncmp(job.action, "signal=", 7)) kill(task, atoi(value));
  if (!strncmp(job.action, "delay=", 6)) usleep((useconds_t)atoi(value) * 1000);
  if (!strncmp(job.action, "run", 3) && system(value) != 0) {
    job.until++;
    job.at++;
    return 0;
  }
  if (!strcmp(job.action, "power")) cut_power();
  if (!strcmp(job.action, "kill") || !strcmp(job.action, "power") || !strncmp(job.action, "run-kill=", 9)) kill(task, SIGKILL);
  return 0;
}

static int is_idle(void) { return !strcmp(job.action, "none") || !strcmp(job.action, "power-after"); }

static void answer(int listener, const struct seccomp_notif *notice) {
  struct seccomp_notif_resp reply = {.id = notice->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  const struct call *call = call_of(notice->data.nr);
  char path[4500] = "";
  if (call) changed_path(call, notice, path, sizeof path);
  if (call && is_below_root(path) && !is_idle() && ++job.seen >= job.at && job.seen <= job.until) {
    long at = job.at;
    reply.error = act((pid_t)notice->pid);
    if (at == job.at && !job.first[0]) snprintf(job.first, sizeof job.first, "%s %s", call->name, path);
    if (reply.error) reply.flags = 0;
  } else if (call && is_below_root(path) && is_idle()) {
    job.seen++;
  }
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply); /* fails when the process is gone, which is well */
}

/* Until nobody is left whom the filter holds; returns how the command itself ended. */
static int serve(int listener, pid_t command) {
  struct seccomp_notif notice;
  struct pollfd waiting = {listener, POLLIN, 0};
  int status = 0, is_over = 0;
  for (int waited = 0; waited < LONGEST_WAIT_MS;) {
    int ready = poll(&waiting, 1, is_over ? 100 : 1000);
    if (!is_over && waitpid(command, &status, WNOHANG) == command) is_over = 1;
    if (ready == 0 && is_over) waited += 100;
    if (waiting.revents & POLLIN) {
      memset(&notice, 0, sizeof notice);
      if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notice) == 0) answer(listener, &notice);
    } else if (waiting.revents & (POLLHUP | POLLERR)) break;
  }
  if (!is_over) waitpid(command, &status, 0);
  return status;
}

int main(int count, char **words) {
  if (count < 8) return UNAVAILABLE;
  job.root = words[1];
  choose_calls(words[2]);
  job.action = words[3];
  job.at = atol(words[4]);
  job.until = atol(words[5]);
  job.report = words[6];
  int channel[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) != 0) fail("socketpair");
  pid_t command = fork();
  if (command < 0) fail("fork");
  if (command == 0) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
    int listener = install_filter();
    if (listener < 0) fail("seccomp");
    send_file(channel[1], listener);
    close(listener);
    execv(words[7], words + 7);
    fail("exec");
  }
  close(channel[1]);
  job.root_file = open(job.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int listener = receive_file(channel[0]);
  if (listener < 0) return UNAVAILABLE;
  int status = serve(listener, command);
  if (!strcmp(job.action, "power-after")) cut_power();
  FILE *report = fopen(job.report, "w");
  if (!report) fail(job.report);
  fprintf(report, "%ld %s\n", job.seen, job.first);
  fclose(report);
  if (WIFSIGNALED(status)) {
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
  }
  return WEXITSTATUS(status);
}
