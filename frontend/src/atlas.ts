// Maps of several layers: each `figure[data-atlas]` shows the server's picture and lists; here it comes alive when it is near.
export {};
