# SPDX-License-Identifier: Apache-2.0
"""Where tshark and the sensor count differently, and why: kind | conversation | tshark | sensor."""

# Connections that the capture holds more than once; tshark takes the later ones for retransmissions.
REPEATED = {"mixed": 75}

ANSWERED_LATE = """
    modbus | tcp 10.235.149.240:49226 10.235.149.243:502 | 5548 5549
"""

REASONS = {
    "mixed": {
        "RDP that turned to TLS after its negotiation: tshark stays with RDP.": """
            tls server name | tcp 192.168.1.150:3389 192.168.1.200:49206 | 0 1
            tls server name | tcp 192.168.1.150:3389 192.168.1.200:49207 | 0 1
        """,
        "A hello of DTLS, whose fields tshark names dtls.": """
            tls server name | udp 10.20.17.1:443 10.20.17.100:49900 | 0 1
        """,
        "A question in a form that no server answers: ten questions, or a label of an unknown "
        "type.": """
            dns | udp 1.2.3.4:12345 5.6.7.8:53 | 1 0
            dns | udp 1.2.3.4:45492 7.7.7.7:443 | 1 0
        """,
        "A question for the status of a NetBIOS name, sent to port 53: tshark goes by the port.": """
            dns | udp 10.1.66.20:53 10.1.67.250:41335 | 1 0
            nbns | udp 10.1.66.20:53 10.1.67.250:41335 | 0 1
        """,
        "Made by a fuzzer: counts, labels or lengths are broken. tshark counts each header, "
        "Ward what can be read.": """
            dns | udp 102.168.1.1:53 192.168.1.2:2752 | 1 0
            dns | udp 128.168.1.1:53 192.168.37.115:2758 | 1 0
            dns | udp 128.168.1.2:2810 192.168.1.1:53 | 1 0
            dns | udp 172.168.1.2:2734 192.168.1.1:53 | 1 0
            dns | udp 192.114.1.2:2719 192.168.1.1:53 | 1 0
            dns | udp 192.168.1.129:53 192.168.1.2:2796 | 1 0
            dns | udp 192.168.1.1:53 192.168.1.18:2751 | 1 0
            dns | udp 192.168.1.1:53 192.168.1.2:18162 | 1 0
            dns | udp 192.168.1.1:53 192.168.1.2:2712 | 4 3
            dns | udp 192.168.1.1:53 192.168.1.2:2749 | 2 1
            dns | udp 192.168.1.1:53 192.168.1.2:2754 | 8 7
            dns | udp 192.168.1.1:53 192.168.1.2:2761 | 2 1
            dns | udp 192.168.1.1:53 192.168.1.2:2770 | 7 5
            dns | udp 192.168.1.1:53 192.168.1.2:2790 | 2 1
            dns | udp 192.168.1.1:53 192.168.1.2:2811 | 2 1
            dns | udp 192.168.1.1:53 192.168.1.2:2822 | 2 1
            dns | udp 192.168.1.1:53 192.168.1.2:35536 | 1 0
            dns | udp 192.168.1.1:53 192.168.1.34:2746 | 1 0
            dns | udp 192.168.1.1:53 192.168.9.2:2774 | 1 0
            dns | udp 192.168.1.1:53 192.22.1.2:2760 | 1 0
            dns | udp 192.168.1.2:2794 192.168.108.1:53 | 1 0
            nbns | udp 115.0.1.41:137 192.168.1.255:137 | 1 0
            nbns | udp 120.168.1.255:137 192.168.1.2:137 | 1 0
            nbns | udp 192.168.1.112:137 192.168.1.2:137 | 1 0
            nbns | udp 192.168.1.202:137 192.168.1.255:137 | 1 0
            nbns | udp 192.168.1.255:137 192.168.1.41:137 | 19 18
            nbns | udp 192.168.1.255:137 192.184.189.41:137 | 1 0
            nbns | udp 192.168.1.255:137 217.168.1.2:137 | 1 0
            nbns | udp 192.168.1.255:137 62.168.1.2:137 | 1 0
            nbns | udp 192.168.1.2:137 192.168.1.255:137 | 173 160
            nbns | udp 192.168.1.2:137 192.168.1.255:169 | 1 0
            nbns | udp 192.168.1.2:137 192.168.1.255:25481 | 1 0
            nbns | udp 192.168.1.2:137 192.168.1.255:35721 | 1 0
            nbns | udp 192.168.1.2:137 192.168.1.255:8329 | 1 0
            nbns | udp 192.168.1.2:29440 192.168.1.37:137 | 1 0
            nbns | udp 192.168.1.2:88 192.168.1.255:137 | 1 0
        """,
        "HTTP to a port of SSH: tshark goes by the port.": """
            http | tcp 10.0.0.1:51889 192.168.0.1:22 | 0 1
            http | tcp 127.0.0.1:22 127.0.0.1:40896 | 0 1
            http | tcp 130.74.164.231:22 136.216.42.40:44338 | 0 1
        """,
        "Begins with another protocol and turns to HTTP later.": """
            http | tcp 10.0.0.1:54263 10.0.0.2:8855 | 2 0
        """,
        "HTTP on a port that tshark does not know.": """
            http | tcp 10.0.0.1:54321 10.0.0.2:4711 | 0 1
            http | tcp 10.10.10.44:43950 10.10.10.55:9090 | 0 1
            http | tcp 127.0.0.1:1080 44.1.1.1:8000 | 0 1
            http | tcp 127.0.0.1:8080 127.0.0.1:56880 | 0 1
            http | tcp 141.142.228.5:59856 192.150.187.43:5432 | 0 1
            http | tcp 167.221.30.181:59406 217.207.159.63:27272 | 0 1
            http | tcp 192.168.2.100:50100 23.2.213.165:4176 | 0 1
            http | tcp 45.58.148.2:8888 82.178.111.221:5060 | 0 1
        """,
        "The request's segments come in another order than they were sent.": """
            http | tcp 10.11.12.13:54162 13.12.11.10:80 | 0 1
            http | tcp 192.168.2.100:50100 23.2.213.165:80 | 0 1
        """,
        "A method that is a token (RFC 9110, 9.1), though none that anybody knows: GET%00.": """
            http | tcp 192.168.1.1:80 192.168.1.5:53 | 0 1
        """,
        "A frame in VXLAN in a frame in ERSPAN.": """
            http | tcp 10.16.27.12:65174 10.16.27.131:80 | 1 0
        """,
        "Within SOCKS, which Ward does not speak.": """
            http | tcp 10.180.156.185:54072 10.180.156.249:1080 | 1 0
            http | tcp 127.0.0.1:1080 127.0.0.1:37904 | 1 0
            tls server name | tcp 10.0.0.50:59580 85.194.84.197:1080 | 1 0
            tls server name | tcp 10.180.156.185:53554 10.180.156.249:1080 | 1 0
            tls server name | tcp 10.180.156.185:53555 10.180.156.249:1080 | 1 0
            tls server name | tcp 10.180.156.185:53556 10.180.156.249:1080 | 1 0
        """,
        "The ports of an earlier upgrade to HTTP/2: tshark leaves the request unread.": """
            http | tcp 10.9.0.2:58038 139.162.123.134:80 | 0 1
        """,
        "A request line without target or without version, of no everyday method: Ward tells "
        "an anomaly.": """
            http | tcp 128.2.6.136:46563 173.194.75.103:80 | 1 0
            http | tcp 128.2.6.136:46565 173.194.75.103:80 | 1 0
            http | tcp 128.2.6.136:46577 173.194.75.103:80 | 1 0
            http | tcp 128.2.6.136:46578 173.194.75.103:80 | 1 0
            http | tcp 128.2.6.136:46582 173.194.75.103:80 | 1 0
            http | tcp 128.2.6.136:46583 173.194.75.103:80 | 1 0
        """,
        "The capture cut the frames, and with them the header block.": """
            http | tcp 128.232.110.120:34855 66.35.250.204:80 | 1 0
        """,
        "The rest of the message is zeros.": """
            kerberos | udp 10.0.28.1:88 10.0.28.100:54340 | 1 0
        """,
        "LDAP on a port that tshark does not know.": """
            ldap | tcp 10.0.0.1:25936 10.0.0.2:32681 | 0 3
        """,
        "After a bind that signs, Ward opens no message; tshark reads what is signed and not "
        "sealed.": """
            ldap | tcp 10.199.2.111:389 10.199.2.121:59327 | 12 2
            ldap | tcp 10.199.2.111:389 10.199.2.121:59355 | 6 2
            ldap | tcp 10.199.2.111:389 10.199.2.121:59356 | 4 1
            ldap | tcp 192.168.10.138:63815 192.168.10.186:389 | 6 2
        """,
        "A query with an operation code that LLMNR does not have.": """
            llmnr | udp 192.168.1.100:54321 224.0.0.252:5355 | 3 2
        """,
        "Random bytes to port 5353: tshark goes by the port.": """
            mdns | udp 127.0.0.1:38650 127.0.0.2:5353 | 1 0
            mdns | udp 127.0.0.1:42883 127.0.0.2:5353 | 1 0
            mdns | udp 127.0.0.1:50893 127.0.0.2:5353 | 1 0
        """,
        "An answer comes after its acknowledgement: tshark takes it for a retransmission.": """
            modbus | tcp 10.235.149.240:49226 10.235.149.243:502 | 5548 5549
        """,
        "Two answers to one question: tshark names a function for one of them.": """
            modbus | tcp 10.9.13.1:49700 10.9.13.2:502 | 2 3
        """,
        "The first SYN comes from port 502, so that Ward takes that side for the client, and "
        "not for a server.": """
            modbus | tcp 10.9.14.1:49701 10.9.14.2:502 | 2 0
        """,
        "Flags and numbers made by a fuzzer: tshark takes some messages for retransmissions.": """
            modbus | tcp 166.161.16.230:502 192.168.66.235:2582 | 298 301
        """,
        "One message is longer than Modbus allows: Ward gives up what stands with it.": """
            modbus | tcp 192.168.63.100:7718 192.168.63.253:502 | 180 178
        """,
        "Made by a fuzzer: the header of the session is broken.": """
            smb1 | tcp 10.0.0.1:48026 10.0.0.2:139 | 1 0
        """,
        "SMB on a port that tshark does not know.": """
            smb1 | tcp 10.0.0.1:80 10.0.0.2:46735 | 0 1
        """,
        "Begins with the PROXY protocol, which Ward does not speak.": """
            tls server name | tcp 1.1.1.1:48502 2.2.2.2:443 | 1 0
        """,
        "Begins with Android's debugging protocol, which Ward does not speak.": """
            tls server name | tcp 10.0.0.1:40005 10.0.0.2:5555 | 1 0
        """,
        "A second hello after the server's HelloRetryRequest belongs to the same handshake.": """
            tls server name | tcp 10.0.0.1:59026 85.5.93.230:443 | 2 1
            tls server name | tcp 188.114.98.224:443 192.168.88.231:54243 | 2 1
            tls server name | tcp 192.168.88.231:57749 23.52.29.119:443 | 2 1
            tls server name | tcp [2606:2800:134:1a0d:1429:742:782:b6]:443 \
[2a01:cb01:2049:8b07:991d:ec85:28df:f629]:39736 | 2 1
            tls server name | tcp [2606:2800:135:155a:23ba:b2a:25ff:122d]:443 \
[2a01:cb01:2049:8b07:991d:ec85:28df:f629]:58380 | 2 1
        """,
        "TLS on a port of HTTP: tshark goes by the port.": """
            tls server name | tcp 192.168.1.108:62561 87.240.132.72:80 | 0 1
            tls server name | tcp 192.168.1.128:35830 89.96.108.170:8080 | 0 1
        """,
    },
    "hospital": {
        "tshark loses its place within the second of eight images of 4.5 MiB, and with it six requests; the "
        "capture's ground truth has all of them.": """
            dicom command | tcp 10.20.1.10:104 10.20.5.10:45418 | 10 16
        """,
    },
    "modbusBig": {"An answer comes after its acknowledgement, as above.": ANSWERED_LATE},
}


def differences(capture):
    """As oracle.differences() says them."""
    found = {}
    for rows in REASONS.get(capture, {}).values():
        for row in rows.split("\n"):
            if row.strip():
                kind, of, counts = (part.strip() for part in row.split("|"))
                found[kind, of] = tuple(int(count) for count in counts.split())
    return found
