#include <stdio.h>
#include "util.h"

#define LIMIT 10
#define MAX(a, b) ((a) > (b) ? (a) : (b))

typedef struct node {
  int value;
  struct node *next;
} node_t;

typedef int (*compare_fn)(const void *, const void *);

enum color { RED, GREEN = 2 };

union box { int i; float f; };

struct forward;

static int counter = 0;
extern const char *names[];

int add(int a, int b);

#ifdef DEBUG
static void
log_all(const char *text)
{
  int local = 1;
  printf("%s", text);
}
#endif

char *dup(const char *s) { return 0; }

int main(void) { return add(1, 2); }
