int fadein_png_placeholder(void) { return 0; }
