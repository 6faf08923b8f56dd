int fadein_png_placeholder(void);
