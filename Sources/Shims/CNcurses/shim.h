#ifndef CNCURSES_SHIM_H
#define CNCURSES_SHIM_H
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

/* Globals are not imported by Swift 6: functions are. */
static inline WINDOW *cn_stdscr(void) { return stdscr; }
static inline WINDOW *cn_curscr(void) { return curscr; }
static inline int cn_colors(void) { return COLORS; }
static inline int cn_color_pairs(void) { return COLOR_PAIRS; }

/* Draws into a file; keys come from standard input. NULL for a terminal nobody knows. */
static inline SCREEN *cn_newterm(FILE *file) { return newterm(NULL, file, stdin); }

/* A capability's string, or NULL where the terminal has none. */
static inline const char *cn_capability(const char *name) {
    extern char *tigetstr(const char *);
    const char *text = tigetstr((char *)name);
    return text == (char *)-1 ? NULL : text;
}

extern int wcwidth(wchar_t);  /* hidden by the feature macros that Swift sets */

/* One cell to be put; scalar 0 is the second column of the one before. */
typedef struct {
    uint32_t scalar;
    uint32_t marks[3];
    int32_t pair;
    uint8_t width;
    uint8_t attributes;  /* bold 1, dim 2, italic 4, underline 8, reverse 16 */
} cn_cell;

/* Puts cells side by side. Where libc knows another width than ours, or none, it becomes U+FFFD:
   ncurses would lose count of the columns. */
static inline void cn_put(WINDOW *w, int y, int x, const cn_cell *cells, int count) {
    static const attr_t attributes[] = {A_BOLD, A_DIM, A_ITALIC, A_UNDERLINE, A_REVERSE};
    for (int i = 0; i < count; i++) {
        const cn_cell *c = &cells[i];
        if (c->scalar == 0) continue;
        attr_t attr = A_NORMAL;
        for (int bit = 0; bit < 5; bit++)
            if (c->attributes >> bit & 1) attr |= attributes[bit];
        wchar_t text[5] = {(wchar_t)c->scalar};
        int length = 1;
        for (int m = 0; m < 3 && c->marks[m]; m++)
            if (wcwidth((wchar_t)c->marks[m]) == 0) text[length++] = (wchar_t)c->marks[m];
        if (c->scalar > 126 && wcwidth(text[0]) != c->width) {
            text[0] = 0xFFFD;
            text[1] = 0;
        }
        cchar_t cell;
        int pair = c->pair;
        if (setcchar(&cell, text, attr, 0, &pair) == ERR) continue;
        mvwadd_wch(w, y, x + i, &cell);
        if (text[0] == 0xFFFD && c->width == 2) {
            text[0] = ' ';
            if (setcchar(&cell, text, attr, 0, &pair) != ERR) mvwadd_wch(w, y, x + i + 1, &cell);
        }
    }
}
#endif
